"""Rates that others publish and change: each in a file with its edition, date and source, none of them in code."""

import tomllib
from importlib.resources import files
from typing import Any


def read_rates(name: str) -> dict[str, Any]:
    """The content of one file of rates: "discount_rates", "optimism_bias" or "gdp_deflators"."""
    return tomllib.loads((files(__name__) / f"{name}.toml").read_text(encoding="utf-8"))
