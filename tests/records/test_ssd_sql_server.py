"""What SQL Server is asked, held to SQL Server's own grammar, and carried out after translation.

There is no SQL Server here. Each question is parsed as T-SQL by sqlglot, which knows the grammar and none
of our code, and is then translated to SQLite's and carried out there. What only a server could show is not
shown: its driver, its rights, and how it writes each kind of date.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import polars as pl
import pytest

from upturn.records.ssd.database import open_connection
from upturn.records.ssd.layout import ssd
from upturn.records.ssd.reader import read_ssd
from upturn.synthetic import make_council
from upturn.synthetic.ssd.write import ssd_tables

sqlglot = pytest.importorskip("sqlglot")
from sqlglot import exp  # noqa: E402 - only once it is known to be there

SCHEMA = "ssd_development"


class Translated:
    """A connection that says it is SQL Server's: T-SQL goes in, SQLite carries it out."""

    def __init__(self, inner: sqlite3.Connection) -> None:
        self.inner, self.asked = inner, []

    def cursor(self) -> Cursor:
        return Cursor(self.inner.cursor(), self.asked)

    def rollback(self) -> None:
        self.inner.rollback()


class Cursor:
    def __init__(self, inner: sqlite3.Cursor, asked: list[str]) -> None:
        self.inner, self.asked = inner, asked

    def execute(self, question: str, *more: Any) -> Cursor:
        self.asked.append(question)
        self.inner.execute(translated(question), *more)
        return self

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


def translated(question: str) -> str:
    """The question in SQLite's words; the list of tables, which SQLite keeps elsewhere, in its place."""
    if "information_schema" in question:
        return f"SELECT name AS table_name FROM {SCHEMA}.sqlite_master WHERE type = 'table'"
    statement = parsed(question)
    # Style 126 is ISO 8601, as the dates lie there already; of what is no date SQL Server ignores it.
    for conversion in list(statement.find_all(exp.Convert)):
        conversion.replace(exp.cast(conversion.expression, "text"))
    return str(statement.sql(dialect="sqlite"))


@pytest.fixture(scope="module")
def server() -> Iterator[Translated]:
    """A made-up council's dataset, in a schema of its own."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f"ATTACH ':memory:' AS {SCHEMA}")
        for name, table in ssd_tables(make_council(seed=4)).items():
            days = [c for c, dtype in table.schema.items() if dtype == pl.Date]
            rows = table.with_columns(pl.col(days).dt.strftime("%Y-%m-%dT00:00:00"))
            connection.execute(f"CREATE TABLE {SCHEMA}.{name} ({', '.join(table.columns)})")
            marks = ", ".join(["?"] * table.width)
            connection.executemany(f"INSERT INTO {SCHEMA}.{name} VALUES ({marks})", rows.rows())
        connection.commit()
        Translated.__module__ = "pyodbc"
        yield Translated(connection)


@pytest.fixture(scope="module")
def asked(server: Translated) -> list[str]:
    """Every question a whole reading puts."""
    server.asked.clear()
    open_connection(server)
    return list(server.asked)


def parsed(question: str) -> Any:
    (statement,) = sqlglot.parse(question, read="tsql", error_level=sqlglot.ErrorLevel.RAISE)
    return statement


def test_every_question_is_one_select_in_sql_servers_grammar(asked):
    statements = [parsed(question) for question in asked]
    assert len(statements) == 1 + 2 * 28  # the tables; then, of each, its columns and its rows
    assert all(isinstance(statement, exp.Select) for statement in statements)
    changes = (
        exp.Insert,
        exp.Update,
        exp.Delete,
        exp.Create,
        exp.Drop,
        exp.Merge,
        exp.Into,
        exp.Command,
    )
    assert not any(statement.find(*changes) for statement in statements)


def test_every_table_is_asked_for_in_its_schema(asked):
    for question in asked[1:]:
        tables = list(parsed(question).find_all(exp.Table))
        assert [table.db for table in tables] == [SCHEMA]
        assert tables[0].name in ssd().tables


def test_every_column_comes_as_text_under_its_own_name(asked):
    for question in asked[2::2]:
        for column in parsed(question).expressions:
            cast = column.this
            assert isinstance(cast, exp.Cast | exp.Convert), question
            assert column.alias == cast.find(exp.Column).name
        assert question.count(", 126)") == len(parsed(question).expressions)


def test_the_records_are_those_of_the_files(server, tmp_path):
    from upturn.synthetic import write_ssd

    write_ssd(make_council(seed=4), tmp_path / "ssd")
    files, book = read_ssd(tmp_path / "ssd"), read_ssd(server, schema=SCHEMA)
    assert [(c.source_list, c.rows_in, c.accepted) for c in book.counts] == [
        (c.source_list, c.rows_in, c.accepted) for c in files.counts
    ]
    for name in ("cp_visits", "cla_episodes", "cin_assessments", "person"):
        ours, theirs = (b.table(name).drop("source_file", "source_row") for b in (book, files))
        keys = ours.columns[:2]
        assert ours.sort(keys).equals(theirs.sort(keys)), name
