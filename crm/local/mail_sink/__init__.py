"""A mail server that delivers to nobody: it keeps what it is sent and shows it on a page.

It stands where a relay stands in production, so that nothing leaves a developer's machine, and lets some recipients
refuse, defer or break off, because those are the ways a delivery fails.
"""
