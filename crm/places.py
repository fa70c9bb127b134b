"""The seven places of the navigation, in their order; more there will not be.

A place is known by the first part of its address, so that this module needs to know no app above the ground.
"""

from dataclasses import dataclass

from crm.permissions import Permission


@dataclass(frozen=True)
class Place:
    name: str
    icon: str
    path: str  # below /o/<slug>/
    permission: Permission
    also: tuple[str, ...] = ()  # other first parts of addresses that belong to it

    def is_here(self, path: str) -> bool:
        """Whether a path below /o/<slug>/ belongs to this place."""
        first = path.partition("/")[0]
        return first in self.also or (first == self.path.strip("/") if self.path else path == "")


PLACES = (
    Place("Home", "house", "", Permission.VIEW_HOME),
    Place(
        "People", "users", "people/", Permission.VIEW_CANDIDATES, ("candidates", "imports", "segments", "mail", "clip")
    ),
    Place("Pipelines", "square-kanban", "pipelines/", Permission.VIEW_PIPELINES),
    Place("Campaigns", "mail", "campaigns/", Permission.VIEW_CAMPAIGNS),
    Place("Sourcing", "radar", "sourcing/", Permission.VIEW_CANDIDATES),
    Place("Network", "share-2", "network/", Permission.VIEW_HOME),
    Place("Reports", "chart-line", "reports/", Permission.VIEW_REPORTS),
)
