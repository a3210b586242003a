"""Whether Word documents can be written here, said in one place."""

from __future__ import annotations

from importlib.util import find_spec

#: What the extra brings, by the name it is imported under.
WRITERS = {"docx": "python-docx", "PIL": "Pillow"}


def left_out(document: str, *, needs: tuple[str, ...] = ("docx",)) -> str:
    """Why a Word document will not be written, and what to do; empty when it will be.

    >>> left_out("why.docx", needs=())
    ''
    """
    missing = [WRITERS[name] for name in needs if find_spec(name) is None]
    if not missing:
        return ""
    verb = "is" if len(missing) == 1 else "are"
    return (
        f"{document} was left out: {' and '.join(missing)} {verb} not installed. To have it, install Upturn "
        "with its extra: pip install 'upturn[word]'"
    )
