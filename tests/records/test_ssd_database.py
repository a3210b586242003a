"""The Standard Safeguarding Dataset straight from a database: SQLite, and a PostgreSQL of the test's own."""

from __future__ import annotations

import os
import pwd
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner

from upturn.cli.app import app
from upturn.records.read import read_source
from upturn.records.sheets import SourceError
from upturn.records.ssd.connect import mssql_string, shown_address
from upturn.records.ssd.database import open_connection
from upturn.records.ssd.reader import read_ssd
from upturn.synthetic import make_council
from upturn.synthetic.ssd.write import ssd_tables, write_ssd

SECRET = "hunter2-very-secret"


@pytest.fixture(scope="module")
def council():
    return make_council(seed=4)


def insert(connection: Any, tables: dict[str, pl.DataFrame], *, schema: str, mark: str) -> None:
    """The tables as they stand in a database: dates as timestamps, the rest as text."""
    types = {pl.Date: "TIMESTAMP", pl.Float64: "REAL"}
    cursor = connection.cursor()
    for name, table in tables.items():
        columns = ", ".join(f"{c} {types.get(type(t), 'TEXT')}" for c, t in table.schema.items())
        cursor.execute(f"CREATE TABLE {schema}{name} ({columns})")
        days = [c for c, t in table.schema.items() if t == pl.Date]
        rows = table.with_columns(pl.col(days).dt.strftime("%Y-%m-%d 00:00:00")).rows()
        marks = ", ".join([mark] * table.width)
        cursor.executemany(f"INSERT INTO {schema}{name} VALUES ({marks})", rows)
    connection.commit()


def same(book, files) -> None:
    """The same records whichever way they came."""
    assert book.counts
    assert [(c.source_list, c.rows_in, c.accepted) for c in book.counts] == [
        (c.source_list, c.rows_in, c.accepted) for c in files.counts
    ]
    for name in ("cp_visits", "cla_episodes", "cin_assessments", "person", "involvements"):
        ours, theirs = book.table(name), files.table(name)
        provenance = ["source_file", "source_row"]
        keys = [ours.columns[0], ours.columns[1]]
        assert ours.drop(provenance).sort(keys).equals(theirs.drop(provenance).sort(keys)), name


@pytest.fixture(scope="module")
def files(council, tmp_path_factory):
    folder = tmp_path_factory.mktemp("files") / "ssd"
    write_ssd(council, folder)
    return read_ssd(folder)


@pytest.fixture(scope="module")
def sqlite_file(council, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "care.db"
    with closing(sqlite3.connect(path)) as connection:
        insert(connection, ssd_tables(council), schema="", mark="?")
    return path


def test_a_sqlite_file_works_out_of_the_box_and_is_left_as_it_was(sqlite_file, files):
    before = sqlite_file.read_bytes()
    same(read_source(sqlite_file), files)
    same(read_source(f"sqlite://{sqlite_file}"), files)
    assert sqlite_file.read_bytes() == before


def test_a_row_of_a_result_is_counted_from_one(sqlite_file):
    rows = read_source(sqlite_file).table("cp_visits")["source_row"]
    assert (rows.min(), rows.max()) == (1, len(rows))


def test_a_connection_of_the_users_own_is_read_and_left_open(sqlite_file, files):
    with closing(sqlite3.connect(sqlite_file)) as connection:
        same(read_ssd(connection), files)
        connection.execute("CREATE TABLE still_writable (a)")
        connection.execute("DROP TABLE still_writable")


def test_only_columns_that_are_used_are_asked_for(tmp_path):
    with closing(sqlite3.connect(tmp_path / "care.db")) as connection:
        connection.execute("CREATE TABLE ssd_person (pers_person_id, pers_forename, pers_sex)")
        connection.execute("INSERT INTO ssd_person VALUES ('1', 'Fictional', 'F')")
        asked: list[str] = []
        connection.set_trace_callback(asked.append)
        read_ssd(connection, as_at=date(2026, 4, 1))
    assert asked
    assert not any("pers_forename" in question for question in asked)


def test_a_database_without_the_tables_is_refused_in_one_line(tmp_path):
    with closing(sqlite3.connect(tmp_path / "other.db")) as connection:
        connection.execute("CREATE TABLE sales (a)")
        connection.commit()
    with pytest.raises(SourceError, match="has no table of the Standard Safeguarding Dataset"):
        read_source(tmp_path / "other.db")


def test_a_broken_sqlite_file_is_refused_in_one_line(tmp_path):
    (tmp_path / "broken.db").write_bytes(b"SQLite format 3\x00" + b"\xff" * 4000)
    with pytest.raises(SourceError) as error:
        read_source(tmp_path / "broken.db")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("schema", ['x"; DROP TABLE ssd_person; --', "", "a b", "x'y"])
def test_a_schema_that_is_no_name_is_refused(schema, sqlite_file):
    no_name = pytest.raises(SourceError, match="no name of a schema")
    with closing(sqlite3.connect(sqlite_file)) as connection, no_name:
        open_connection(connection, schema=schema)


def test_no_password_is_ever_shown():
    assert SECRET not in shown_address(f"postgresql://ann:{SECRET}@host/db?password={SECRET}")
    with pytest.raises(SourceError) as error:
        read_source(
            f"postgresql://zebedee:{SECRET}@127.0.0.1:1/db?password={SECRET}&connect_timeout=2"
        )
    assert SECRET not in str(error.value)
    assert "zebedee" not in str(error.value)
    assert error.value.__cause__ is None


def test_the_command_line_shows_no_password_either():
    address = f"postgresql://zebedee:{SECRET}@127.0.0.1:1/db?connect_timeout=2"
    result = CliRunner().invoke(app, ["check", address])
    assert result.exit_code != 0
    assert SECRET not in result.output
    assert SECRET not in str(result.exception)


def test_an_address_of_sql_server_becomes_its_connection_string():
    found = mssql_string(f"mssql://ann:{SECRET}@server:1433/care?schema=ssd&Encrypt=yes")
    assert "SERVER=server,1433;DATABASE=care;ApplicationIntent=ReadOnly" in found
    assert f"UID={{ann}};PWD={{{SECRET}}}" in found
    assert "schema" not in found
    assert "Encrypt=yes" in found


class Stub:
    """A driver's connection to SQL Server, of which the test sees what it was asked."""


def test_sql_server_is_only_asked_questions(monkeypatch, sqlite_file):
    pytest.importorskip("sqlite3")
    monkeypatch.setattr(Stub, "__module__", "pyodbc")
    asked: list[str] = []

    class Cursor:
        def __init__(self, inner: sqlite3.Cursor) -> None:
            self.inner = inner

        def execute(self, question: str, *more: Any) -> Cursor:
            asked.append(question)
            question = question.replace('"ssd_development".', "")
            if "information_schema" in question:
                question = "SELECT name AS table_name FROM sqlite_master"
            question = question.replace("CONVERT(NVARCHAR(MAX), ", "(").replace(", 126)", ")")
            self.inner.execute(question, *more)
            return self

        def __getattr__(self, name: str) -> Any:
            return getattr(self.inner, name)

    connection = Stub()
    with closing(sqlite3.connect(sqlite_file)) as inner:
        monkeypatch.setattr(Stub, "cursor", lambda _: Cursor(inner.cursor()), raising=False)
        opened = open_connection(connection)
    assert len(opened.sheets) == 28
    assert all(question.lstrip().upper().startswith("SELECT") for question in asked)


# PostgreSQL: a cluster of the test's own, run by an unprivileged user on a unix socket.


def postgres_bin() -> Path | None:
    """Where PostgreSQL's programs are, or None."""
    for place in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (place / "initdb").exists():
            return place
    found = shutil.which("initdb")
    return Path(found).parent if found else None


def unprivileged() -> list[str]:
    """How to run a command as somebody who is not root, which PostgreSQL asks for."""
    if os.geteuid() != 0:
        return []
    for name in ("postgres", "nobody"):
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return ["setpriv", "--reuid", name, "--clear-groups", "--"]
    pytest.skip("there is no unprivileged user to run PostgreSQL as")


@pytest.fixture(scope="module")
def postgres(council, tmp_path_factory) -> Iterator[str]:
    """The address of a PostgreSQL database that holds the council; gone when the tests are over."""
    programs = postgres_bin()
    if programs is None:
        pytest.skip("PostgreSQL is not installed")
    psycopg = pytest.importorskip("psycopg")
    as_user = unprivileged()
    # A socket's path may have 107 characters: pytest's folders are too deep for it.
    root = Path(
        subprocess.run(["mktemp", "-d"], capture_output=True, text=True, check=True).stdout.strip()
    )
    root.chmod(0o777)
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C", "HOME": str(root)}

    def run(*command: str) -> None:
        subprocess.run(
            [*as_user, *command], check=True, capture_output=True, env=environment, timeout=120
        )

    data, socket = root / "data", root / "s"
    run("mkdir", "-m", "777", str(socket))
    run(str(programs / "initdb"), "-D", str(data), "-U", "owner", "-A", "trust", "--no-sync")
    start = f"-k {socket} -c listen_addresses='' -c fsync=off"
    run(
        str(programs / "pg_ctl"),
        "-D",
        str(data),
        "-w",
        "-o",
        start,
        "-l",
        str(root / "log"),
        "start",
    )
    try:
        base = f"postgresql:///postgres?host={socket}"
        with psycopg.connect(f"{base}&user=owner") as connection:
            cursor = connection.cursor()
            cursor.execute("CREATE SCHEMA ssd_development")
            insert(connection, ssd_tables(council), schema="ssd_development.", mark="%s")
            cursor.execute("CREATE SCHEMA elsewhere")
            cursor.execute("CREATE TABLE elsewhere.ssd_person (pers_person_id TEXT, pers_dob DATE)")
            cursor.execute(f"CREATE ROLE reader LOGIN PASSWORD '{SECRET}'")
            cursor.execute("CREATE ROLE stranger LOGIN")
            cursor.execute("GRANT USAGE ON SCHEMA ssd_development TO reader, stranger")
            cursor.execute("GRANT SELECT ON ALL TABLES IN SCHEMA ssd_development TO reader")
        yield base
    finally:
        run(str(programs / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop")
        shutil.rmtree(root, ignore_errors=True)


def test_postgresql_gives_the_same_records_as_the_files(postgres, files):
    book = read_source(f"{postgres}&user=reader&password={SECRET}")
    same(book, files)
    assert book.source_name == "postgresql:///postgres"
    told = [book.source_name, *book.notes, *book.absent, *book.table("cp_visits")["source_file"]]
    assert not any(SECRET in text or "reader" in text for text in told)


def test_the_commands_work_on_postgresql(postgres, tmp_path):
    address = f"{postgres}&user=reader&password={SECRET}"
    result = CliRunner().invoke(app, ["check", address, "--out", str(tmp_path / "out")])
    assert result.exit_code == 0
    written = [f for f in (tmp_path / "out").iterdir() if f.suffix in (".html", ".csv", ".json")]
    assert written
    assert not any(SECRET in f.read_text("utf-8") for f in written)
    assert SECRET not in result.output


def test_a_connection_to_postgresql_is_only_read(postgres):
    import psycopg

    with psycopg.connect(f"{postgres}&user=owner") as connection:
        said: list[str] = []
        original = psycopg.Cursor.execute

        def execute(self, query, *more, **others):
            said.append(str(query))
            if len(said) == 3:  # once reading has begun, writing is refused by the database itself
                with pytest.raises(psycopg.errors.ReadOnlySqlTransaction), connection.transaction():
                    original(self.connection.cursor(), "CREATE TABLE ssd_development.oops (a INT)")
            return original(self, query, *more, **others)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(psycopg.Cursor, "execute", execute)
            open_connection(connection)
    assert said[0] == "SET TRANSACTION READ ONLY"
    assert all(q.startswith(("SET", "SELECT")) for q in said)


REFUSED = [
    ("&user=reader&schema=nowhere", "in schema nowhere"),
    ("&user=stranger", "cannot be read"),
    ("&user=nobody_at_all", "cannot be reached"),
    ("&user=reader&schema=elsewhere", "has no table|cannot be read|permission"),
]


@pytest.mark.parametrize(("options", "said"), REFUSED)
def test_postgresql_that_will_not_answer_is_one_clear_line(postgres, options, said):
    with pytest.raises(SourceError, match=said) as error:
        read_source(postgres + options)
    assert "\n" not in str(error.value)
    assert SECRET not in str(error.value)


def test_a_schema_of_another_name_is_chosen_by_the_address(postgres):
    with pytest.raises(SourceError, match="no date in any table"):
        read_source(f"{postgres}&user=owner&schema=elsewhere")
