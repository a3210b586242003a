"""The dataset straight from a database: looked up, read, and never written to.

A database is named by an address (``postgresql://…``, ``mssql://…``, ``sqlite:///…``) or given as a
connection of any DB-API driver. Every column comes as text, so that all sources mean the same by a cell.
No message, note or name made here holds a password or a user.
"""

from __future__ import annotations

import hashlib
import importlib
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

import polars as pl

from upturn.records.lists.layout import comparable
from upturn.records.sheets import Sheet, SourceError
from upturn.records.sources import Opened
from upturn.records.ssd.folder import is_sqlite, sheet_of
from upturn.records.ssd.layout import SsdTable, ssd

Say = Callable[[str], None]
SCHEMA = "ssd_development"
_ADDRESS = re.compile(r"^(?P<kind>postgres(?:ql)?|mssql|sqlserver|sqlite)(?:\+\w+)?:/")
_NAME = re.compile(r"^[A-Za-z_][A-Za-z0-9_$]*$")
_DRIVERS = {"postgres": ("psycopg", "psycopg2"), "mssql": ("pyodbc",)}


@dataclass(frozen=True)
class Dialect:
    """How one kind of database is asked: for its tables, for a column as text, to keep to reading."""

    name: str
    text: str
    tables: str = "SELECT table_name FROM information_schema.tables WHERE table_schema = '{schema}'"
    read_only: tuple[str, ...] = ()
    quoted: str = '"{schema}"."{table}"'


_DIALECTS = {
    "postgres": Dialect(
        "PostgreSQL",
        text='CAST("{column}" AS TEXT) AS "{column}"',
        tables="SELECT c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n "
        "ON n.oid = c.relnamespace WHERE n.nspname = '{schema}' AND c.relkind IN ('r','v','m','p','f')",
        read_only=(
            "SET TRANSACTION READ ONLY",
            "SET LOCAL datestyle TO 'ISO'",
            "SET LOCAL client_encoding TO 'UTF8'",
        ),
    ),
    "mssql": Dialect(
        "SQL Server",
        text='CONVERT(NVARCHAR(MAX), "{column}", 126) AS "{column}"',
    ),
    "sqlite": Dialect(
        "SQLite",
        text='CAST("{column}" AS TEXT) AS "{column}"',
        tables="SELECT name FROM sqlite_master WHERE type IN ('table', 'view')",
        read_only=("PRAGMA query_only = ON",),
        quoted='"{table}"',
    ),
    "other": Dialect("The database", text='CAST("{column}" AS VARCHAR(4000)) AS "{column}"'),
}


def is_address(source: object) -> bool:
    """Whether the text is the address of a database.

    >>> is_address("postgresql://host/db"), is_address("annex_a.xlsx")
    (True, False)
    """
    return isinstance(source, str) and _ADDRESS.match(source) is not None


def shown_address(address: str) -> str:
    """The address without user, password and options, as it may be shown.

    >>> shown_address("postgresql://ann:secret@server:5432/care?schema=ssd&password=x")
    'postgresql://server:5432/care'
    """
    parts = urlsplit(address)
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}"


def open_address(address: str, *, progress: Say | None = None) -> Opened:
    """The tables of the database at ``address``. ``?schema=`` names the schema, `SCHEMA` if not said.

    Raises SourceError when there is no driver, no connection, no permission, or no such schema.
    """
    options = dict(parse_qsl(urlsplit(address).query))
    schema = options.get("schema", SCHEMA)
    with _connected(address) as connection:
        return open_connection(
            connection, schema=schema, name=shown_address(address), progress=progress
        )


def open_connection(
    connection: Any, *, schema: str = SCHEMA, name: str | None = None, progress: Say | None = None
) -> Opened:
    """The tables in a schema of an open DB-API connection, which is left open.

    PostgreSQL and SQLite are told to keep to reading; of other databases only questions are asked.
    Raises SourceError for a schema that is not there and for a question that fails.
    """
    say, dialect = progress or (lambda _: None), _dialect_of(connection)
    if not _NAME.match(schema):
        raise SourceError(f"{schema!r} is no name of a schema; give it as ?schema=NAME")
    shown = name or dialect.name
    _keep_to_reading(connection, dialect, shown)
    there = _tables(connection, dialect, schema, shown)
    digest, sheets = hashlib.sha256(), []
    for table, found in there.items():
        say(f"Reading {found}")
        frame = _read(connection, dialect, schema, found, ssd().tables[table], shown)
        digest.update(f"{table}\0".encode() + frame.write_csv().encode())
        sheets.append(sheet_of(frame, file=shown, table=table))
    _finish(connection, dialect)
    return Opened(shown, digest.hexdigest(), tuple(sheets), ())


def _dialect_of(connection: Any) -> Dialect:
    module = type(connection).__module__.split(".")[0].lower()
    if module.startswith("sqlite3") or isinstance(connection, sqlite3.Connection):
        return _DIALECTS["sqlite"]
    if module.startswith(("psycopg", "pg8000")):
        return _DIALECTS["postgres"]
    return _DIALECTS["mssql" if module.startswith(("pyodbc", "pymssql")) else "other"]


def _keep_to_reading(connection: Any, dialect: Dialect, shown: str) -> None:
    for command in dialect.read_only:
        with _failing(f"{shown} would not keep to reading"), closing(connection.cursor()) as cursor:
            cursor.execute(command)


def _finish(connection: Any, dialect: Dialect) -> None:
    """The transaction ended, so that the connection is as it was; nothing was written."""
    if dialect.name == "SQLite":
        with closing(connection.cursor()) as cursor:
            cursor.execute("PRAGMA query_only = OFF")
    elif hasattr(connection, "rollback"):
        connection.rollback()


def _tables(connection: Any, dialect: Dialect, schema: str, shown: str) -> dict[str, str]:
    """The dataset's tables there, each with its name as the database has it, in the layout's order."""
    with _failing(f"{shown} would not list its tables"):
        frame = pl.read_database(
            dialect.tables.format(schema=schema), connection, infer_schema_length=None
        )
    names = [str(n) for n in frame.to_series().to_list() if _NAME.match(str(n))]
    by_table = {ssd().table_named(n): n for n in sorted(names)}
    found = {table: by_table[table] for table in ssd().tables if table in by_table}
    if not found:
        where = "" if dialect.name == "SQLite" else f" in schema {schema}"
        raise SourceError(
            f"{shown} has no table of the Standard Safeguarding Dataset{where} that may be read; "
            "name another schema with ?schema=NAME, or ask for permission to read it"
        )
    return found


def _read(
    connection: Any, dialect: Dialect, schema: str, found: str, layout: SsdTable, shown: str
) -> pl.DataFrame:
    """The columns of one table that the layout knows, as text; a row's place is that in the result."""
    place = dialect.quoted.format(schema=schema, table=found)
    with _failing(f"{shown}: {found} cannot be read"):
        columns = [n for n in _columns(connection, place) if _wanted(n, layout)]
        if not columns:
            return pl.DataFrame()
        named = ", ".join(dialect.text.format(column=c) for c in columns)
        key = next((c for c in columns if comparable(c) == comparable(layout.key[-1])), columns[0])
        question = f'SELECT {named} FROM {place} ORDER BY {place}."{key}"'
        return pl.read_database(
            question,
            connection,
            schema_overrides=dict.fromkeys(columns, pl.String()),
            infer_schema_length=None,
        )


def _columns(connection: Any, place: str) -> list[str]:
    with closing(connection.cursor()) as cursor:
        cursor.execute(f"SELECT * FROM {place} WHERE 1 = 0")
        return [str(column[0]) for column in cursor.description]


def _wanted(name: str, layout: SsdTable) -> bool:
    """Whether the layout has the column. What it has no use for, names and addresses, is never fetched."""
    known = any(comparable(name) in c.spellings for c in layout.columns)
    return known and '"' not in name


@contextmanager
def _failing(said: str) -> Iterator[None]:
    """Whatever the driver raises, in one line and without what it was told."""
    try:
        yield
    except SourceError:
        raise
    except Exception as error:  # each driver has its own
        raise SourceError(f"{said}: {_reason(error)}") from None


def _reason(error: Exception) -> str:
    """The first line of a driver's message, without anything that looks like a password."""
    line = str(error).strip().partition("\n")[0] or type(error).__name__
    line = re.sub(r"(?i)\b(password|pwd|uid|user)\s*[=:]\s*\S+", r"\1 …", line)
    return re.sub(r"//[^/@\s]*@", "//", line)[:200]


@contextmanager
def _connected(address: str) -> Iterator[Any]:
    kind = (_ADDRESS.match(address) or {"kind": ""})["kind"]
    connect = {"sqlite": _sqlite, "mssql": _mssql, "sqlserver": _mssql}.get(kind, _postgres)
    secrets = _secrets(address)
    try:
        connection = connect(address)
    except SourceError:
        raise
    except Exception as error:  # each driver has its own
        reason = _reason(error)
        for secret in secrets:
            reason = reason.replace(secret, "…")
        raise SourceError(f"{shown_address(address)} cannot be reached: {reason}") from None
    with closing(connection):
        yield connection


def _secrets(address: str) -> list[str]:
    parts = urlsplit(address)
    hidden = [parts.password, *(v for k, v in parse_qsl(parts.query) if "pass" in k or "pwd" in k)]
    return [s for h in hidden if h for s in {h, unquote(h)}]


def _driver(kind: str) -> Any:
    for name in _DRIVERS[kind]:
        try:
            return importlib.import_module(name)
        except ImportError:
            continue
    extra = "pip install 'upturn[postgres]'" if kind == "postgres" else "pip install pyodbc"
    raise SourceError(f"Reading from {_DIALECTS[kind].name} needs a driver: {extra}")


def _postgres(address: str) -> Any:
    parts = urlsplit(address)
    options = [(k, v) for k, v in parse_qsl(parts.query) if k != "schema"]
    query = f"?{urlencode(options, quote_via=quote)}" if options else ""
    return _driver("postgres").connect(f"postgresql://{parts.netloc}{parts.path}{query}")


def _mssql(address: str) -> Any:
    return _driver("mssql").connect(mssql_string(address), readonly=True)


def mssql_string(address: str) -> str:
    """The ODBC connection string of an ``mssql://`` address. Without a user, Windows says who is asking.

    >>> mssql_string("mssql://server/care?driver=ODBC+Driver+18+for+SQL+Server")
    'DRIVER={ODBC Driver 18 for SQL Server};SERVER=server;DATABASE=care;ApplicationIntent=ReadOnly;\
Trusted_Connection=yes'
    """
    parts = urlsplit(address)
    options = {k: v for k, v in parse_qsl(parts.query) if k not in ("schema", "driver")}
    driver = dict(parse_qsl(parts.query)).get("driver", "ODBC Driver 18 for SQL Server")
    server = f"{parts.hostname},{parts.port}" if parts.port else parts.hostname or ""
    said = {
        "DRIVER": f"{{{driver}}}",
        "SERVER": server,
        "DATABASE": unquote(parts.path.lstrip("/")),
        "ApplicationIntent": "ReadOnly",
    }
    if parts.username:
        said |= {"UID": _braced(parts.username), "PWD": _braced(parts.password or "")}
    else:
        said["Trusted_Connection"] = "yes"
    return ";".join(f"{k}={v}" for k, v in (said | options).items())


def _braced(text: str) -> str:
    return "{" + unquote(text).replace("}", "}}") + "}"


def _sqlite(address: str) -> sqlite3.Connection:
    return sqlite_file(Path(unquote(urlsplit(address).path)))


def sqlite_file(path: Path) -> sqlite3.Connection:
    """A SQLite database opened for reading only. Raises SourceError for a file that is none."""
    try:
        if not path.is_file() or not is_sqlite(path):
            raise SourceError(f"{path.name} is not there, or is no SQLite database")
        return sqlite3.connect(f"file:{quote(str(path.resolve()))}?mode=ro", uri=True)
    except (OSError, sqlite3.Error) as error:
        raise SourceError(f"{path.name} may not be read: {_reason(error)}") from None


__all__ = [
    "SCHEMA",
    "Sheet",
    "is_address",
    "mssql_string",
    "open_address",
    "open_connection",
    "shown_address",
    "sqlite_file",
]
