"""Fail when a page of the built site would fetch anything from outside.

Usage: python scripts/check_site.py SITE_FOLDER
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

#: What a browser fetches by itself. Links that a person follows are not fetched.
FETCHES = re.compile(
    r"""<(?:script|img|iframe|source|video|audio|embed)\b[^>]*\bsrc=["'](?P<src>(?:https?:)?//[^"']+)
      | <link\b(?=[^>]*\brel=["'](?:stylesheet|preload|icon|preconnect|dns-prefetch|modulepreload))
        [^>]*\bhref=["'](?P<href>(?:https?:)?//[^"']+)
      | @import\s+(?:url\()?["']?(?P<imported>(?:https?:)?//[^"')]+)
      | url\(["']?(?P<url>(?:https?:)?//[^"')]+)""",
    re.VERBOSE | re.IGNORECASE,
)


def outside(site: Path) -> list[str]:
    """One line for each thing a page or stylesheet would fetch from outside."""
    return [
        f"{file.relative_to(site)}: {next(filter(None, found.groups()))}"
        for file in sorted([*site.rglob("*.html"), *site.rglob("*.css")])
        for found in FETCHES.finditer(file.read_text(encoding="utf-8"))
    ]


if __name__ == "__main__":
    faults = outside(Path(sys.argv[1]))
    for fault in faults:
        sys.stderr.write(f"fetched from outside: {fault}\n")
    sys.exit(bool(faults))
