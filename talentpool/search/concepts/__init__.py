"""Other names of what was asked for: RN is a registered nurse, k8s is Kubernetes.

`names` knows the names, `expand` puts them into a query's tree. Nothing outside knows where a name is from.
"""

from talentpool.search.concepts.expand import NOTHING_ADDED, Addition, Expansion, expand

__all__ = ["NOTHING_ADDED", "Addition", "Expansion", "expand"]
