"""Converts an address between Keap's columns for its parts and the lines that are shown."""

from typing import NamedTuple

_PARTS = ("street1", "street2", "city", "state", "postal", "zip4", "country")

PLACE_HEADERS = ("City", "State", "Postal Code", "Zip Four", "Country")
"""The parts after the street, stored beside the lines of an address, by their headers."""

SECOND_STREET = "Street Address 2"
"""The header of the second street line, stored beside the lines as well where the first is missing."""


class Address(NamedTuple):
    """One address of a contact: the column of its lines, the suffix of its headers, and the fields of its parts."""

    column: str
    suffix: str
    fields: tuple[str, ...]


ADDRESSES = (
    Address("billing_address", "", _PARTS),
    Address("shipping_address", " (Shipping)", tuple(f"ship_{part}" for part in _PARTS)),
)
"""The addresses that a contact can have."""


def address_lines(street1: str, street2: str, city: str, state: str, postal: str, zip4: str, country: str) -> list[str]:
    """An address as it is shown: `1 Main St`, `Phoenix, AZ 85001-1234`, `United States`."""
    code = f"{postal}-{zip4}" if postal and zip4 else postal or zip4
    region = f"{state} {code}" if state and code else state or code
    place = f"{city}, {region}" if city and region else city or region
    lines = (street1, *street2.splitlines(), place, country)
    return [line.strip() for line in lines if line.strip()]
