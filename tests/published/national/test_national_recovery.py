"""What moved before authorities got out: planted orders are found, and noise is not called a move."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import made_up_panel as made
import numpy as np
import polars as pl
import pytest

import upturn
from upturn.published.national.panel import Panel, panel_at
from upturn.published.national.recovery import (
    like_for_like,
    moves,
    recoveries,
    typical_change,
    what_moved,
)

DRIVERS = {"vacancy_rate_fte": 15.0, "agency_rate_fte": 15.0, "turnover_rate_fte": 15.0, "caseload_fte": 16.0,
           "absence_rate_fte": 4.0}  # fmt: skip


def country(
    folder: Path, paths: dict[str, dict[str, dict[int, float]]], judged: list[dict[str, str]]
) -> Panel:
    """Thirty quiet authorities, small noise; ``paths`` replaces values: code, column, year."""
    rng = np.random.default_rng(3)
    codes = [str(300 + n) for n in range(30)]
    columns = {
        name: middle + 0.3 * rng.normal(size=(30, len(made.YEARS)))
        for name, middle in DRIVERS.items()
    }
    for code, changed in paths.items():
        for column, values in changed.items():
            for year, value in values.items():
                columns[column][codes.index(code), made.YEARS.index(year)] = value
    made._table(folder / "w.csv", codes, columns)
    pl.DataFrame(judged).write_csv(folder / "j.csv")
    upturn.national.import_files([folder / "w.csv", folder / "j.csv"], into=folder / "n.db")
    return panel_at(folder / "n.db")


def run(first: float, *later: float, start: int = 2018) -> dict[int, float]:
    return {start + n: value for n, value in enumerate((first, *later))}


def test_the_order_in_which_drivers_moved_is_the_order_planted(tmp_path: Path) -> None:
    paths = {
        "300": {
            "vacancy_rate_fte": run(25, 25, 18, 17, 16),
            "caseload_fte": run(24, 24, 24, 17, 16),
        }
    }
    judged = [
        made.judgement("300", "2019-03-01", "inadequate"),
        made.judgement("300", "2022-12-01", "good"),
    ]
    row = recoveries(country(tmp_path, paths, judged)).row(0, named=True)
    assert (row["area"], row["to"], row["months"], row["first"]) == (
        "Area 300",
        "good",
        45,
        "vacancy",
    )
    assert row["order"] == "September 2020 vacancy; September 2021 caseload"


HELD = [
    (run(25, 25, 17, 17, 17), True, "down and stays down"),
    (run(25, 25, 17, 25, 25), False, "down once and up again is no move"),
    (run(25, 25, 24.9, 24.9, 24.9), False, "less than twice the typical change"),
    (run(15, 15, 15, 15, 15), False, "nothing changed"),
    (run(15, 25, 17, 17, 17), True, "the worst is the census after the judgement"),
]


@pytest.mark.parametrize(("path", "moved", "because"), HELD, ids=[b for _, _, b in HELD])
def test_a_move_is_clear_and_stays(
    tmp_path: Path, path: dict[int, float], moved: bool, because: str
) -> None:
    panel = country(
        tmp_path,
        {"300": {"vacancy_rate_fte": path}},
        [made.judgement("300", "2019-03-01", "inadequate")],
    )
    stretch = pl.DataFrame({"la_code": ["300"], "area": ["Area 300"], "began": [date(2019, 3, 1)],
                            "until": [None]}, schema_overrides={"until": pl.Date})  # fmt: skip
    found = moves(panel, stretch).filter(driver="vacancy")
    assert bool(found.height) is moved, because


def test_a_move_after_getting_out_did_not_go_before_it(tmp_path: Path) -> None:
    paths = {"300": {"vacancy_rate_fte": run(25, 25, 25, 17, 16, 16)}}
    judged = [
        made.judgement("300", "2019-03-01", "inadequate"),
        made.judgement("300", "2021-03-01", "good"),
    ]
    assert recoveries(country(tmp_path, paths, judged))["order"].to_list() == [""]


def test_a_driver_that_is_better_high_moves_up(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    codes = [str(300 + n) for n in range(30)]
    share = 80 + 0.5 * rng.normal(size=(30, len(made.YEARS)))
    share[0, made.YEARS.index(2018) : made.YEARS.index(2020)] = 60
    size = np.full_like(share, 100.0)
    made._table(
        tmp_path / "d6.csv",
        codes,
        {"reviewed_within_timescales_percent": share, "cpp_at31_3months": size},
    )
    judged = [
        made.judgement("300", "2018-06-01", "inadequate"),
        made.judgement("300", "2021-06-01", "good"),
    ]
    pl.DataFrame(judged).write_csv(tmp_path / "j.csv")
    long = tmp_path / "long.csv"
    lines = [f"cpp_reviews_on_time_pct,{y},Area {c},{c},Middle,{share[n, k]:.3f},True"
             for n, c in enumerate(codes) for k, y in enumerate(made.YEARS)]  # fmt: skip
    long.write_text("\n".join(["measure,Years,area,la_number,Region,value,is_la", *lines]) + "\n")
    upturn.national.import_files([long, tmp_path / "j.csv"], into=tmp_path / "n.db")
    assert recoveries(panel_at(tmp_path / "n.db"))["order"].to_list() == ["March 2020 cpp-reviews"]


def test_the_typical_change_is_the_median_step_from_year_to_year() -> None:
    frame = pl.DataFrame({"la_code": ["A"] * 4 + ["B"] * 2, "year": [2016, 2017, 2018, 2020, 2017, 2018],
                          "net": [0.0, 1.0, -1.0, 50.0, 3.0, 0.0]})  # fmt: skip
    assert typical_change(frame) == 2.0, "1, 2 and 3; two years apart does not count"


def test_the_same_rule_is_put_to_those_who_had_not_got_out(tmp_path: Path) -> None:
    down, high = run(25, 25, 17, 17, 17), run(25, 25, 25, 25, 25)
    paths = {
        c: {"vacancy_rate_fte": down if n < 3 else high}
        for n, c in enumerate(["300", "301", "302", "303", "304"])
    }
    judged = [made.judgement(c, "2019-03-01", "inadequate") for c in paths]
    judged += [made.judgement(c, "2022-03-01", "good") for c in ("300", "301", "302")]
    found = what_moved(country(tmp_path, paths, judged), as_at=date(2025, 1, 1)).filter(
        driver="vacancy"
    )
    assert found.select("group", "moved", "of").rows() == [
        ("got out within four years", 3, 3),
        ("had not got out in four years", 0, 2),
        ("judged to require improvement", 0, 0),
    ]


def test_the_nearest_recovery_is_the_one_that_began_from_the_same_place(tmp_path: Path) -> None:
    like, unlike = (
        {name: run(middle + 8) for name, middle in DRIVERS.items()},
        {name: run(middle - 8) for name, middle in DRIVERS.items()},
    )
    mine = {name: run(middle + 8, start=2025) for name, middle in DRIVERS.items()}
    judged = [made.judgement(c, "2019-03-01", "inadequate") for c in ("301", "302")]
    judged += [made.judgement(c, "2022-03-01", "good") for c in ("301", "302")]
    panel = country(tmp_path, {"300": mine, "301": like, "302": unlike}, judged)
    found = like_for_like(panel, "Area 300").table
    assert found["la_code"].to_list() == ["301", "302"]
    assert found["distance"][0] < found["distance"][1] / 5
    assert found["drivers"].to_list() == [5, 5]


def test_an_authority_is_not_like_itself(real: Panel) -> None:
    found = like_for_like(real, "Sunderland", most=50)
    assert "394" not in found.table["la_code"]


def test_every_real_recovery_has_its_judgements(real: Panel) -> None:
    found = recoveries(real)
    assert found.height >= 45
    assert (found["left"] > found["began"]).all()
    assert not set(found["to"]) & {"inadequate"}
