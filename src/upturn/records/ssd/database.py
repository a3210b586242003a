"""The dataset straight from a database: looked up, read, and never written to.

A database is named by an address (``postgresql://…``, ``mssql://…``, ``sqlite:///…``) or given as a
connection of any DB-API driver. Every column comes as text, so that all sources mean the same by a cell.
No message, note or name made here holds a password or a user.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import polars as pl

from upturn.records.lists.layout import comparable
from upturn.records.sheets import SourceError
from upturn.records.sources import Opened
from upturn.records.ssd.connect import connected, failing, shown_address
from upturn.records.ssd.folder import sheet_of
from upturn.records.ssd.layout import SsdTable, ssd

Say = Callable[[str], None]
SCHEMA = "ssd_development"
_NAME = re.compile(r"^[A-Za-z_][A-Za-z0-9_$]*$")


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


def open_address(address: str, *, progress: Say | None = None) -> Opened:
    """The tables of the database at ``address``. ``?schema=`` names the schema, `SCHEMA` if not said.

    Raises SourceError when there is no driver, no connection, no permission, or no such schema.
    """
    options = dict(parse_qsl(urlsplit(address).query))
    schema = options.get("schema", SCHEMA)
    with connected(address) as connection:
        return open_connection(
            connection, schema=schema, name=shown_address(address), progress=progress
        )


def open_connection(
    connection: Any, *, schema: str = SCHEMA, name: str | None = None, progress: Say | None = None
) -> Opened:
    """The tables in a schema of an open DB-API connection, which is left open.

    PostgreSQL and SQLite are told to keep to reading; of other databases only questions are asked. Give a
    connection with nothing uncommitted: at the end its transaction is rolled back. Raises SourceError for
    a schema that is not there and for a question that fails.
    """
    dialect = _dialect_of(connection)
    if not _NAME.match(schema):
        raise SourceError(f"{schema!r} is no name of a schema; give it as ?schema=NAME")
    shown = name or dialect.name
    try:
        _keep_to_reading(connection, dialect, shown)
        return _opened(connection, dialect, schema, shown, progress or (lambda _: None))
    finally:
        _finish(connection, dialect)


def _opened(connection: Any, dialect: Dialect, schema: str, shown: str, say: Say) -> Opened:
    digest, sheets = hashlib.sha256(), []
    for table, found in _tables(connection, dialect, schema, shown).items():
        say(f"Reading {found}")
        frame = _read(connection, dialect, schema, found, ssd().tables[table], shown)
        digest.update(f"{table}\0".encode() + frame.write_csv().encode())
        sheets.append(sheet_of(frame, file=shown, table=table))
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
        with failing(f"{shown} would not keep to reading"), closing(connection.cursor()) as cursor:
            cursor.execute(command)


def _finish(connection: Any, dialect: Dialect) -> None:
    """The connection as it was: free to write again, and no transaction of ours open."""
    with suppress(Exception):  # a connection that broke has said so already
        if dialect.name == "SQLite":
            connection.execute("PRAGMA query_only = OFF")
        elif hasattr(connection, "rollback"):
            connection.rollback()


def _tables(connection: Any, dialect: Dialect, schema: str, shown: str) -> dict[str, str]:
    """The dataset's tables there, each with its name as the database has it, in the layout's order."""
    with failing(f"{shown} would not list its tables"):
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
    with failing(f"{shown}: {found} cannot be read"):
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
