"""Finds the city in the lines of a postal address, as they stand on an envelope."""

import re
from collections.abc import Sequence

# A state, a province or the letters of a Dutch postal code: "AZ", "ON", "AB".
_REGION = re.compile("[A-Z]{2}")


def city_of(lines: Sequence[str], named: str = "") -> str:
    """The city of an address: the one that is `named`, else that of its place line; empty where none is plain.

    The place line is the last one behind the street that holds a postal code (`Phoenix, AZ 85003`, `10115 Berlin`);
    without a postal code it stands before the country.
    """
    if named.strip():
        return " ".join(named.split())
    behind = lines[1:]
    coded = [line for line in behind if any(map(str.isdigit, line)) and any(map(str.isalpha, line))]
    place = coded[-1] if coded else behind[-2] if len(behind) > 1 else behind[-1] if behind else ""
    words = place.partition(",")[0].split()
    plain = [word for word in words if word.isalpha() or not any(map(str.isdigit, word))]
    bare = [word for word in plain if not _REGION.fullmatch(word)]
    return " ".join(bare) if any(map(str.isalpha, "".join(bare))) else ""
