"""Places of the network, as tries are counted."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

_OF_ONE: Final = 64
"""Bits of an IPv6 address that are given to one customer at least: the rest they choose as they like."""


def place_of(address: str) -> str:
    """The place that a network address belongs to: itself, of IPv6 the network that one household has."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ip_network((int(found), _OF_ONE), strict=False))
