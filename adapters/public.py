"""Which addresses belong to the public internet."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: an IPv4 address in its last four bytes
_PROTOCOLS = IPv4Network("192.0.0.0/24")  # RFC 6890: older Pythons hold most of it to be global


def is_public(address: str) -> bool:
    """Whether a numeric address can be reached by anybody, so that dialling it reveals nothing of our own network.

    Loopback, private, link-local (where clouds keep their credentials), shared (100.64.0.0/10), multicast and
    reserved addresses are not public, and neither is an IPv6 address that stands for an IPv4 one that is not.
    """
    found = ip_address(address.partition("%")[0])  # without its zone
    if isinstance(found, IPv4Address):
        return _is_global(found) and found not in _PROTOCOLS
    if found in _NAT64:
        return is_public(str(IPv4Address(found.packed[-4:])))
    inner = _inner(found)
    return _is_global(found) and (inner is None or is_public(str(inner)))


def _is_global(address: IPv4Address | IPv6Address) -> bool:
    return address.is_global and not address.is_multicast and not address.is_reserved


def _inner(address: IPv6Address) -> IPv4Address | None:
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)
