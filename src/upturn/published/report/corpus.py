"""A local library of many reports in one SQLite file: searched by words, authority, year, theme and grade.

Nothing leaves the machine. The file holds what the reports say, with the page of each thing, and the hash of
each file it was read from, so that a library can be checked against its reports and made again.
"""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from upturn._version import __version__
from upturn.published.report.authorities import authorities
from upturn.published.report.leads import Leads
from upturn.published.report.model import Report
from upturn.published.report.own import OwnWork
from upturn.published.report.read import read_report
from upturn.published.themes.sentences import sentences
from upturn.records.sheets import SourceError

#: Files that are read from a folder.
KINDS = frozenset([".pdf", ".html", ".htm", ".docx", ".txt"])
#: Raised when what the library holds changes shape.
FORM = 2
_SCHEMA = """
CREATE TABLE about (form INTEGER NOT NULL, upturn TEXT NOT NULL, rules TEXT NOT NULL);
CREATE TABLE report (
  id INTEGER PRIMARY KEY, file TEXT NOT NULL, sha256 TEXT NOT NULL UNIQUE, framework TEXT, code TEXT,
  authority TEXT, region TEXT, lead_region TEXT, fieldwork_start TEXT, fieldwork_end TEXT,
  published TEXT, year INTEGER, pages INTEGER NOT NULL, notes TEXT NOT NULL
);
CREATE TABLE judgement (
  report INTEGER NOT NULL REFERENCES report, area TEXT NOT NULL, grade TEXT, state TEXT NOT NULL,
  page INTEGER, text TEXT NOT NULL, PRIMARY KEY (report, area)
);
CREATE TABLE sentence (
  id INTEGER PRIMARY KEY, report INTEGER NOT NULL REFERENCES report, source TEXT NOT NULL,
  part TEXT NOT NULL, area TEXT NOT NULL, page INTEGER NOT NULL, paragraph INTEGER, polarity TEXT NOT NULL,
  kind TEXT NOT NULL, action TEXT NOT NULL, text TEXT NOT NULL
);
CREATE TABLE theme (sentence INTEGER NOT NULL REFERENCES sentence, theme TEXT NOT NULL);
CREATE TABLE cause (sentence INTEGER NOT NULL REFERENCES sentence, cause TEXT NOT NULL);
CREATE INDEX theme_sentence ON theme (sentence);
CREATE INDEX cause_sentence ON cause (sentence);
CREATE INDEX sentence_report ON sentence (report);
CREATE VIRTUAL TABLE words USING fts5 (
  text, content='sentence', content_rowid='id', tokenize='porter unicode61'
);
"""


@dataclass(frozen=True)
class Made:
    """What came of making a library: the files read, those already in it, and those refused with why.

    ``own`` are pages and documents that Upturn wrote itself: they were left out. ``thin`` are regions of lead
    inspectors that were not used, because too few are in them.
    """

    path: Path
    read: tuple[str, ...]
    known: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]
    own: tuple[str, ...] = ()
    thin: tuple[str, ...] = ()


def make_library(
    folder: str | Path,
    library: str | Path,
    *,
    leads: Leads | None = None,
    progress: Callable[[str], None] | None = None,
) -> Made:
    """Read every report under ``folder`` into the library file ``library``, made when it is not there.

    Reports already in it (by their hash) are left as they are. A file that cannot be read is refused with
    the reason and the others go on; what Upturn wrote itself is left out. The library is changed whole or
    not at all. ``leads`` says from which region each lead inspector works; the region alone is kept, of
    reports that are in the library already too.

    Raises `SourceError` when the folder holds no report, or the file is no library of this form.
    """
    files = _files(Path(folder))
    read: list[str] = []
    known: list[str] = []
    refused: list[tuple[str, str]] = []
    own: list[str] = []
    with _changing(Path(library)) as database:
        had = {row[0] for row in database.execute("SELECT sha256 FROM report")}
        for number, path in enumerate(files, 1):
            if progress:
                progress(f"Reading {path.name} ({number} of {len(files)})")
            if (digest := _hash(path)) in had:
                known.append(path.name)
                _keep_lead(database, path, digest, leads)
                continue
            try:
                report = read_report(path, statements=False)
            except OwnWork:
                own.append(path.name)
                continue
            except SourceError as error:
                refused.append((path.name, str(error)))
                continue
            had.add(report.sha256)
            _keep(database, report, leads)
            read.append(path.name)
        database.execute("INSERT INTO words (words) VALUES ('rebuild')")
        database.commit()
    return Made(Path(library), tuple(read), tuple(known), tuple(refused), tuple(own),
                leads.thin if leads else ())  # fmt: skip


def _hash(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


@contextmanager
def _changing(library: Path) -> Iterator[sqlite3.Connection]:
    """A copy of the library to change, or a new one; it takes the library's place when all went well."""
    part = library.with_name(f".{library.name}.part")
    try:
        part.unlink(missing_ok=True)
        if library.exists():
            shutil.copyfile(library, part)
        with opened(part, making=True, name=library.name) as database:
            yield database
        part.replace(library)
    except OSError as error:
        raise SourceError(
            f"{library.name}: cannot be written ({error.strerror or error})"
        ) from None
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise SourceError(f"{folder.name}: it is not a folder of reports")
    files = sorted(p for p in folder.rglob("*") if p.suffix.lower() in KINDS and p.is_file())
    if not files:
        raise SourceError(f"{folder.name}: no report (.pdf, .html, .docx, .txt) is in it")
    return files


@contextmanager
def opened(
    library: str | Path, *, making: bool = False, name: str = ""
) -> Iterator[sqlite3.Connection]:
    """The library's database; with ``making`` it may be written, and is made when it is not there.

    ``name`` is what messages call it, if not by its file. Raises `SourceError` when it is not there, is no
    library, or is one of another form.
    """
    path = Path(library)
    name = name or path.name
    new = not path.exists()
    if new and not making:
        raise SourceError(f"{name}: no such library; make one with: upturn report corpus DIR")
    try:
        with closing(_connected(path, making)) as database:
            if new:
                database.executescript(_SCHEMA)
                database.execute(
                    "INSERT INTO about VALUES (?, ?, ?)", (FORM, __version__, _rules())
                )
            _check_form(database, name)
            yield database
    except sqlite3.Error as error:
        raise SourceError(f"{name}: it cannot be used as a library ({error})") from None


def _connected(path: Path, making: bool) -> sqlite3.Connection:
    if making:
        return sqlite3.connect(path)
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)


def _check_form(database: sqlite3.Connection, name: str) -> None:
    try:
        (form,) = database.execute("SELECT form FROM about").fetchone()
    except (sqlite3.DatabaseError, TypeError):
        raise SourceError(f"{name}: it is no library of reports") from None
    if form != FORM:
        raise SourceError(f"{name}: it was made by another version of Upturn; make it again")


def _rules() -> str:
    from upturn.published.themes import load_rules

    return load_rules().version


def _keep_lead(database: sqlite3.Connection, path: Path, digest: str, leads: Leads | None) -> None:
    """The region of the lead inspector of a report that is in the library without one."""
    (lead,) = database.execute(
        "SELECT lead_region FROM report WHERE sha256 = ?", (digest,)
    ).fetchone()
    if leads is None or lead is not None:
        return
    region = leads.region_of(read_report(path, statements=False))
    database.execute("UPDATE report SET lead_region = ? WHERE sha256 = ?", (region, digest))


def _keep(database: sqlite3.Connection, report: Report, leads: Leads | None) -> None:
    day = report.fieldwork_end.value or report.published.value
    regions = {authority.code: authority.region for authority in authorities()}
    code = report.authority_code.value
    cursor = database.execute(
        "INSERT INTO report (file, sha256, framework, code, authority, region, lead_region, fieldwork_start, "
        "fieldwork_end, published, year, pages, notes) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
        (
            report.file, report.sha256, report.framework.value, code, report.authority.value,
            regions.get(code or ""), leads.region_of(report) if leads else None,
            _iso(report.fieldwork_start.value), _iso(report.fieldwork_end.value),
            _iso(report.published.value),
            day.year if day else None, report.pages, "\n".join(report.notes),
        ),
    )  # fmt: skip
    number = cursor.lastrowid
    database.executemany(
        "INSERT INTO judgement VALUES (?,?,?,?,?,?)",
        [(number, j.area, j.grade, j.state, j.page, j.text) for j in report.judgements],
    )
    _keep_sentences(database, report, int(number or 0))


def _iso(day: Any) -> str | None:
    return day.isoformat() if day else None


def _keep_sentences(database: sqlite3.Connection, report: Report, number: int) -> None:
    from upturn.published.themes import classify

    rows = list(_sentences(report))
    if not rows:
        return
    told = classify([row[-1] for row in rows], asked=[row[0] == "action" for row in rows])
    columns = (told[name].to_list() for name in ("polarity", "kind", "themes", "causes"))
    for row, polarity, kind, themes, causes in zip(rows, *columns, strict=True):
        source, part, area, page, paragraph, action, text = row
        sentence = database.execute(
            "INSERT INTO sentence (report, source, part, area, page, paragraph, polarity, kind, action, "
            "text) VALUES (?,?,?,?,?,?,?,?,?,?)",
            (number, source, part, area, page, paragraph, polarity, kind, action, text),
        ).lastrowid
        database.executemany("INSERT INTO theme VALUES (?,?)", [(sentence, t) for t in themes])
        database.executemany("INSERT INTO cause VALUES (?,?)", [(sentence, c) for c in causes])


def _sentences(report: Report) -> Iterator[tuple[Any, ...]]:
    """What is kept of a report: each action whole, and each sentence of its paragraphs."""
    for action in report.recommendations:
        yield "action", action.part, "", action.page, action.number, action.kind, action.text
    for paragraph in report.paragraphs:
        for sentence in sentences(paragraph.text):
            yield (
                "paragraph", paragraph.part, paragraph.area, paragraph.page, paragraph.number, "",
                sentence.text,
            )  # fmt: skip


def fts_query(words: str) -> str:
    """``words`` as a query of whole words: quoted, so that no mark in them means anything to SQLite.

    Words in double quotes stay together.

    >>> fts_query('missing "return interviews"')
    '"missing" "return interviews"'
    """
    parts = words.split('"')
    asked: list[str] = []
    for number, part in enumerate(parts):
        asked += [part.strip()] if number % 2 else part.split()
    return " ".join(f'"{part}"' for part in asked if part)


def query(
    database: sqlite3.Connection, sql: str, given: Sequence[Any] = ()
) -> list[dict[str, Any]]:
    """The rows of a question as dictionaries."""
    cursor = database.execute(sql, given)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]
