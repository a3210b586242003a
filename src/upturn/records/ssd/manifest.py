"""What a folder of the dataset says of itself, when it says anything: its date, and what to know of it.

No case system writes such a file. Upturn puts one with the extracts it makes, so that a simulated one can
never be taken for a council's, and is read on its own date.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from upturn.records.sheets import SourceError

#: The name of the file in the folder.
MANIFEST = "upturn_extract.json"


@dataclass(frozen=True)
class Manifest:
    """The date of the extract, and sentences that go before everything that is read from it.

    ``beside`` names files in the folder that are no tables and are meant to be there. ``simulated`` says that
    no child in it is real.
    """

    as_at: date | None = None
    notes: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    simulated: bool = False

    def named(self, folder: str) -> str:
        """The name under which the source is shown: a simulated one says so, whatever its folder is called.

        >>> Manifest(simulated=True).named("2026"), Manifest(simulated=True).named("simulated-a")
        ('2026 (simulated)', 'simulated-a')
        """
        said = not self.simulated or "simulated" in folder.lower()
        return folder if said else f"{folder} (simulated)"


def read_manifest(content: bytes) -> Manifest:
    """The manifest these bytes hold. Raises SourceError, in one line, for anything else.

    >>> read_manifest(b'{"as_at": "2026-03-31", "notes": ["Taken again."]}').notes
    ('Taken again.',)
    """
    try:
        said = json.loads(content)
        day = said.get("as_at")
        day = None if day is None else date.fromisoformat(day)
        simulated = said.get("simulated", False)
        if not isinstance(simulated, bool):
            raise ValueError
        notes, beside = _texts(said.get("notes", [])), _texts(said.get("beside", []))
        return Manifest(day, notes, beside, simulated)
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise SourceError(
            f"{MANIFEST} cannot be understood: it needs an as_at such as 2026-03-31 and a list of notes; "
            "put it right or remove it"
        ) from None


def _texts(said: object) -> tuple[str, ...]:
    if not isinstance(said, list) or not all(isinstance(one, str) for one in said):
        raise ValueError
    return tuple(said)
