"""Where the names that members type in may lead: to the public internet, and never into our own network.

The addresses that were looked at are the ones to connect to; a name asked twice may answer differently the second time.
"""

import ipaddress
import socket

from django.conf import settings


class PrivateHost(OSError):
    """The name leads into a private network, or to this machine."""


def public_addresses(host: str, port: int) -> list[tuple[str, int]]:
    """Raises PrivateHost if any of its addresses is private, and OSError where the name isn't known."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(each[4][0]).partition("%")[0] for each in found))
    if host.lower() not in map(str.lower, settings.PRIVATE_HOSTS) and not all(map(is_public, addresses)):
        raise PrivateHost(f"{host} leads into a private network.")
    return [(address, port) for address in addresses]


def is_public(address: str) -> bool:
    parsed = ipaddress.ip_address(address)
    inside = getattr(parsed, "ipv4_mapped", None) or getattr(parsed, "sixtofour", None)
    return parsed.is_global and not parsed.is_multicast and (inside is None or is_public(str(inside)))
