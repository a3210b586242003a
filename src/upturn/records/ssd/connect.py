"""Connections to a database by its address, made so that nobody reads the password again.

No message made here holds a password or a user.
"""

from __future__ import annotations

import importlib
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from upturn.records.sheets import SourceError
from upturn.records.ssd.folder import is_sqlite

_ADDRESS = re.compile(r"^(?P<kind>postgres(?:ql)?|mssql|sqlserver|sqlite)(?:\+\w+)?:/")
#: For each kind of database its name and the drivers that will do.
_DRIVERS = {"postgres": ("PostgreSQL", "psycopg", "psycopg2"), "mssql": ("SQL Server", "pyodbc")}


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


@contextmanager
def failing(said: str) -> Iterator[None]:
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
def connected(address: str) -> Iterator[Any]:
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
    shown, *names = _DRIVERS[kind]
    for name in names:
        try:
            return importlib.import_module(name)
        except ImportError:
            continue
    extra = "pip install 'upturn[postgres]'" if kind == "postgres" else "pip install pyodbc"
    raise SourceError(f"Reading from {shown} needs a driver: {extra}")


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
