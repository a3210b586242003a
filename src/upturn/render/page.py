"""What every page of ours is made of: escaping templates, one style, and a policy that refuses others."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from upturn._version import __version__
from upturn.render.words import count, day

#: By this line a page of ours is known for one, and is never read as somebody's inspection report.
MADE_BY = f'<meta name="generator" content="Upturn {__version__}">'


@cache
def environment() -> Environment:
    """The templates, escaping on, with the words that every page uses."""
    made = Environment(
        loader=PackageLoader("upturn.render"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    made.globals.update(count=count, day=day, made_by=Markup(MADE_BY))
    made.filters["number"] = "{:,}".format
    return made


@cache
def static(ending: str, folder: str = "static") -> str:
    """Our own styles or scripts, joined in the order of their names."""
    place = resources.files("upturn.render") / folder
    files = sorted((file for file in place.iterdir() if file.name.endswith(ending)), key=str)
    return "\n".join(file.read_text(encoding="utf-8") for file in files).replace("\r\n", "\n")


def policy_hash(text: str) -> str:
    """The hash by which a page's policy knows its own script and style, and refuses any other.

    >>> policy_hash("")
    'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='
    """
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
