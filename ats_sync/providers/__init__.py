"""The providers that there are. Adding one: a file here, a line in `_PROVIDERS`, a simulator, a page of docs."""

from importlib import import_module

from ats_sync.providers.base import Provider

# key -> where it is; imported when it is asked for, so that one provider's fault is not everybody's.
_PROVIDERS = {
    "ashby": "ats_sync.providers.ashby:Ashby",
    "bullhorn": "ats_sync.providers.bullhorn:Bullhorn",
    "generic": "ats_sync.providers.generic:Generic",
    "greenhouse": "ats_sync.providers.greenhouse:Greenhouse",
    "lever": "ats_sync.providers.lever:Lever",
    "odoo": "ats_sync.providers.odoo:Odoo",
    "workable": "ats_sync.providers.workable:Workable",
}


def provider_keys() -> list[str]:
    return list(_PROVIDERS)


def provider_class(key: str) -> type[Provider]:
    """Raises KeyError for a key that isn't one."""
    module, _, name = _PROVIDERS[key].partition(":")
    found: type[Provider] = getattr(import_module(module), name)
    return found
