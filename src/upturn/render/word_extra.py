"""Whether Word documents can be written here, said in one place."""

from __future__ import annotations

from importlib.util import find_spec

#: What the extra brings, by the name it is imported under.
WRITERS = {"docx": "python-docx", "PIL": "Pillow"}
#: The documents that have pictures, which Pillow draws.
WITH_PICTURES = ("why.docx", "remedies.docx", "national_report.docx")


def left_out(document: str, *, needs: tuple[str, ...] | None = None) -> str:
    """Why a Word document will not be written, and what to do; empty when it will be.

    Without ``needs``, they are known by the document's name.

    >>> left_out("why.docx", needs=())
    ''
    """
    if needs is None:
        needs = ("docx", "PIL") if document in WITH_PICTURES else ("docx",)
    missing = [WRITERS[name] for name in needs if find_spec(name) is None]
    if not missing:
        return ""
    verb = "is" if len(missing) == 1 else "are"
    return (
        f"{document} was left out: {' and '.join(missing)} {verb} not installed. To have it, install Upturn "
        "with its extra: pip install 'upturn[word]'"
    )
