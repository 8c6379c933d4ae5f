"""Which force does a publication mean? One name for each, whatever the spelling, and which rows are sums of several."""

import re
from collections.abc import Iterable

FORCES = (
    "Avon and Somerset", "Bedfordshire", "Cambridgeshire", "Cheshire", "City of London", "Cleveland", "Cumbria", "Derbyshire",
    "Devon and Cornwall", "Dorset", "Durham", "Dyfed-Powys", "Essex", "Gloucestershire", "Greater Manchester", "Gwent", "Hampshire",
    "Hertfordshire", "Humberside", "Kent", "Lancashire", "Leicestershire", "Lincolnshire", "Merseyside", "Metropolitan Police", "Norfolk",
    "North Wales", "North Yorkshire", "Northamptonshire", "Northumbria", "Nottinghamshire", "South Wales", "South Yorkshire",
    "Staffordshire", "Suffolk", "Surrey", "Sussex", "Thames Valley", "Warwickshire", "West Mercia", "West Midlands", "West Yorkshire",
    "Wiltshire",
)  # fmt: skip
"""The 43 territorial forces of England and Wales, by the name that tables give the area."""

REGIONS = {
    "north east", "north west", "yorkshire and the humber", "east midlands", "west midlands", "eastern", "east of england", "east",
    "london", "south east", "south west", "wales", "england", "england and wales", "inner london", "outer london", "greater london",
    "united kingdom",
}  # fmt: skip

_KNOWN = {name.lower(): name for name in FORCES} | {
    "london, city of": "City of London",
    "metropolitan": "Metropolitan Police",
    "dyfed powys": "Dyfed-Powys",
    "metropolitan police service": "Metropolitan Police",
    "hampshire and isle of wight": "Hampshire",
}
_FOOTNOTE = re.compile(r"\s*[(\[][A-Za-z0-9, ]{1,4}[)\]]$|(?<=[A-Za-z.])\s*\d(?:\s*,?\s*\d)*$")
"""Marks behind a name: "Wiltshire1", "Wiltshire 1,2", and "Hampshire (R)" or "[p]" for a figure revised or provisional."""

_KIND = re.compile(r"\s+(police( service| force)?|constabulary)$")


def force_name(written: str | None) -> str | None:
    """The one name of a force; None for what is no territorial force (nor the British Transport Police).

    Example:
        >>> force_name("Devon & Cornwall Constabulary"), force_name("Wiltshire1"), force_name("London, City of"), force_name("Total")
        ('Devon and Cornwall', 'Wiltshire', 'City of London', None)
    """
    name = bare_name(written).lower()
    return _KNOWN.get(name) or _KNOWN.get(_KIND.sub("", name))


def bare_name(written: str | None) -> str:
    """A name without footnote marks, with "and" spelt out.

    Example:
        >>> bare_name("Yorkshire & the Humber 2,3 ")
        'Yorkshire and the Humber'
    """
    return _FOOTNOTE.sub("", (written or "").strip().lstrip("*").replace("&", "and")).strip()


def is_sum(written: str | None) -> bool:
    """The row is a region, a country or a total."""
    name = bare_name(written).lower()
    return name in REGIONS or name.startswith("total")


def without_regions(names: Iterable[str | None]) -> list[str | None]:
    """The force of each row of one list, None for every other row. "West Midlands" is a region where it stands first, then a force."""
    found: list[str | None] = []
    region_seen = False
    listed = [bare_name(name) for name in names]
    twice = sum(name.lower() == "west midlands" for name in listed) > 1
    for name in listed:
        if twice and not region_seen and name.lower() == "west midlands":
            region_seen = True
            found.append(None)
        else:
            found.append(force_name(name))
    return found
