from crm.tenancy.scope import current_tenant_id


def tenant_key(key: str, key_prefix: str, version: int) -> str:
    """Cache keys of different tenants never meet; keys beginning with "shared:" are for all of them."""
    owner = "" if key.startswith(("shared:", "axes", "allauth:")) else f"tenant:{current_tenant_id()}:"
    return f"{key_prefix}:{version}:{owner}{key}"
