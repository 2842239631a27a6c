"""An address both ways: in Keap's parts, each with a column of its own, and as the lines that are shown."""

from typing import NamedTuple

_PARTS = ("street1", "street2", "city", "state", "postal", "zip4", "country")

PLACE_HEADERS = ("City", "State", "Postal Code", "Zip Four", "Country")
"""The parts behind the street, which are kept beside the lines of an address, by their headers."""

SECOND_STREET = "Street Address 2"
"""Kept beside the lines as well where there is no first one."""


class Address(NamedTuple):
    """One address of a contact: the column with its lines, what ends its headers, and the fields of its parts."""

    column: str
    suffix: str
    fields: tuple[str, ...]


ADDRESSES = (
    Address("billing_address", "", _PARTS),
    Address("shipping_address", " (Shipping)", tuple(f"ship_{part}" for part in _PARTS)),
)
"""The addresses that a contact has here."""


def address_lines(street1: str, street2: str, city: str, state: str, postal: str, zip4: str, country: str) -> list[str]:
    """An address as it is shown: `1 Main St`, `Phoenix, AZ 85001-1234`, `United States`."""
    code = f"{postal}-{zip4}" if postal and zip4 else postal or zip4
    region = f"{state} {code}" if state and code else state or code
    place = f"{city}, {region}" if city and region else city or region
    lines = (street1, *street2.splitlines(), place, country)
    return [line.strip() for line in lines if line.strip()]
