"""The figures a made-up council is drawn from, with the source of each: ``england.yaml``."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

import yaml


@cache
def england() -> dict[str, dict[str, dict[str, Any]]]:
    """Every figure by group and name, with its ``value`` and ``source``, ``derived`` or ``assumed``.

    >>> england()["plans"]["second_or_later"]["source"]
    'DfE children in need 2025'
    """
    text = resources.files(__package__).joinpath("england.yaml").read_text(encoding="utf-8")
    loaded: dict[str, dict[str, dict[str, Any]]] = yaml.safe_load(text)
    return loaded


def figure(name: str) -> Any:
    """The value of one figure, named ``group.figure``. Raises KeyError for a name that is not there.

    >>> figure("referrals.no_further_action")
    0.065
    """
    group, _, key = name.partition(".")
    return england()[group][key]["value"]
