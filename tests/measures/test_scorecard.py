"""The scorecard, from the files of a user to the page, on a small made-up council."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import openpyxl
import polars as pl
import pytest

import upturn
from upturn.measures.benchmark.compare import benchmark_for
from upturn.measures.benchmark.england import band, figures
from upturn.measures.benchmark.imported import COLUMNS, import_files, read_benchmark
from upturn.measures.measure import measure_all, values_table
from upturn.measures.scorecard import make_scorecard, status_of
from upturn.measures.targets import Target, read_comments, read_targets
from upturn.records.sheets import SourceError
from upturn.render.scorecard_outputs import OUTPUTS, write_scorecard
from upturn.synthetic import make_council

HEAD = (
    "time_period,time_identifier,geographic_level,country_code,country_name,region_code,region_name,"
    "old_la_code,new_la_code,la_name,category,CPP_start,CPP_subsequent,CPP_subsequent_percent\n"
)
PLANS = HEAD + "\n".join(
    [
        "2025,Reporting year,National,E9,England,,,,,,Plans,61840,15130,24.5",
        "2025,Reporting year,Regional,E9,England,E1,North,,,,Plans,5000,1100,22",
        "2025,Reporting year,Local authority,E9,England,E1,North,901,E06,Eastmarch,Plans,100,20,20",
        "2025,Reporting year,Local authority,E9,England,E1,North,902,E07,Westmarch,Plans,c,c,c",
        "2025,Reporting year,Local authority,E9,England,E1,North,903,E08,Northmarch,Plans,50,15,30",
        "2024,Reporting year,Local authority,E9,England,E1,North,902,E07,Westmarch,Plans,90,9,10",
    ]
)  # fmt: skip
NEIGHBOURS = (
    "\ufeffLA num,LA Name,LA number,SN1,SNP,SN2,SNP,\n902,Westmarch,902,901,Close,903,Close,\n"
)


@pytest.fixture
def published(tmp_path: Path) -> Path:
    (tmp_path / "d3.csv").write_text(PLANS, "utf-8")
    (tmp_path / "near.csv").write_text(NEIGHBOURS, "utf-8")
    upturn.benchmark.import_files(
        [tmp_path / "d3.csv", tmp_path / "near.csv"], out=tmp_path / "all.csv"
    )
    return tmp_path / "all.csv"


def test_every_number_opens_to_exactly_its_children(made_up):
    for value in measure_all(made_up, population=60_000):
        assert value.children_in.height == value.n, value.measure.id
        assert value.children_out.height == value.of - value.n, value.measure.id
        assert value.cannot_tell.height >= value.missing, value.measure.id
        if value.interval is not None:
            low, high = value.interval
            assert low <= value.value <= high, value.measure.id


def test_the_table_has_a_row_for_each_measure_and_the_same_again(made_up):
    first, again = (values_table(measure_all(made_up)) for _ in range(2))
    assert first.equals(again)
    assert first["measure"].n_unique() == first.height


def test_a_suppressed_figure_stays_suppressed(published):
    frame = read_benchmark(published)
    assert frame.schema == COLUMNS
    row = frame.filter(pl.col("la_code") == "902", pl.col("year") == 2025, kind="figure").row(
        0, named=True
    )
    assert (row["value"], row["status"]) == (None, "suppressed: a small number")


def test_an_authority_stands_beside_its_region_neighbours_and_england(published):
    frame = read_benchmark(published)
    west = benchmark_for(frame, "westmarch").of("cpp-second", "low")
    assert (west.year, west.own, west.status) == (2025, None, "suppressed: a small number")
    assert (west.region, west.neighbours, west.england) == (22.0, 25.0, 24.5)
    assert (west.neighbours_with_value, west.neighbours_all) == (2, 2)
    assert west.rank is None
    east = benchmark_for(frame, "901").of("cpp-second", "low")
    assert (east.own, east.rank, east.ranked) == (20.0, 1, 2)
    with pytest.raises(SourceError, match="did you mean Westmarch"):
        benchmark_for(frame, "Westmarsh")


@pytest.mark.parametrize(
    ("text", "said"),
    [("a,b\n1,2\n", "nothing known here; leave it out"), ("", "is empty")],
)
def test_a_file_with_nothing_known_is_refused_in_one_line(tmp_path: Path, text, said):
    (tmp_path / "other.csv").write_text(text, "utf-8")
    with pytest.raises(SourceError, match=said) as caught:
        import_files([tmp_path / "other.csv"])
    assert "\n" not in str(caught.value)


def test_every_file_with_nothing_known_is_named_at_once(tmp_path: Path):
    for name in ("one.csv", "two.csv"):
        (tmp_path / name).write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(SourceError, match=r"one\.csv, two\.csv: nothing known here"):
        import_files([tmp_path / "one.csv", tmp_path / "two.csv"])


def test_a_folder_or_a_file_that_is_no_csv_is_refused_in_plain_words(tmp_path: Path):
    with pytest.raises(SourceError, match="is a folder; give the file"):
        import_files([tmp_path])
    (tmp_path / "noise.csv").write_bytes(bytes(range(256)) * 20)
    with pytest.raises(SourceError, match=r"noise\.csv"):
        import_files([tmp_path / "noise.csv"])


def test_the_departments_own_files_are_read():
    folder = Path(__file__).resolve().parents[3] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the published files are not on this machine")
    files = [f for f in sorted((folder / "dfe").glob("*.csv")) if f.name[:2] in ("c2", "c4", "d6")]
    frame = import_files([*files, folder / "neighbours" / "sn_may_2025.xlsx"])
    england = frame.filter(area_type="England", year=2024).select("measure", "value")
    assert dict(england.iter_rows()) == pytest.approx(
        {"assessments-45": 84.5, "assessments-41-45": 18.1, "s47-rate": 187.1, "icpc-rate": 60.2,
         "icpc-15": 79.7, "cpp-reviews": 89.8}, abs=0.06,
    )  # fmt: skip
    assert len(benchmark_for(frame, "Darlington").neighbours()) == 10


def test_a_published_count_becomes_the_departments_own_rate():
    folder = Path(__file__).resolve().parents[3] / "shared" / "data" / "dfe"
    if not folder.is_dir():
        pytest.skip("the published files are not on this machine")
    files = [f for f in sorted(folder.glob("*.csv")) if f.name[:2] in ("b1", "c1", "on")]
    england = import_files(files).filter(area_type="England")
    for measure in ("referrals-rate", "cin-rate"):
        ours = dict(england.filter(measure=measure).select("year", "value").iter_rows())
        theirs = figures()[measure].england
        assert {year: ours[year] for year in theirs} == pytest.approx(theirs, abs=0.06), measure


TARGETS = [
    ("high", 90.0, Target(90, 5), "on target"),
    ("high", 86.0, Target(90, 5), "within tolerance"),
    ("high", 84.9, Target(90, 5), "off target"),
    ("low", 12.0, Target(10, 2), "within tolerance"),
    ("low", 9.0, Target(10), "on target"),
    ("neither", 9.0, Target(10), ""),
]


@pytest.mark.parametrize(("good", "value", "target", "expect"), TARGETS)
def test_a_target_is_met_nearly_met_or_missed(made_up, good, value, target, expect):
    from dataclasses import replace

    some = measure_all(made_up, [upturn.measures.show("icpc-15")])[0]
    some = replace(some, value=value, measure=replace(some.measure, good=good))
    assert status_of(some, target) == expect


WRONG = [
    ("t.csv", "measure,target\nicpc-16,90\n", "t.csv, line 2: no measure 'icpc-16'; did you mean 'icpc-15'?"),
    ("t.csv", "measure,target\nicpc-15,lots\n", "t.csv, line 2: target should be a number"),
    ("t.csv", "measure,goal\nicpc-15,9\n", "t.csv, line 2: unknown column 'goal'"),
    ("t.yaml", "icpc-15: {target: 90, tolerance: -1}\n", "t.yaml, line 1: a tolerance cannot be below"),
    ("t.yaml", "- measure: icpc-15\n", "t.yaml, line 1: target should be a number"),
    ("t.yaml", "icpc-15: [", "not YAML"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "said"), WRONG)
def test_a_wrong_target_is_refused_with_its_line(tmp_path: Path, name, text, said):
    (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(SourceError) as caught:
        read_targets(tmp_path / name)
    assert said in str(caught.value)


def test_targets_and_comments_are_read_as_yaml_and_csv(tmp_path: Path):
    (tmp_path / "t.yaml").write_text("icpc-15: {target: 90, tolerance: 5}\ncpp: 120\n", "utf-8")
    assert read_targets(tmp_path / "t.yaml") == {"icpc-15": Target(90, 5), "cpp": Target(120)}
    (tmp_path / "c.csv").write_text("measure,date,comment\nicpc-15,01/09/2026,Two left\n", "utf-8")
    comment = read_comments(tmp_path / "c.csv")["icpc-15"][0]
    assert (comment.day, comment.text, comment.by) == (date(2026, 9, 1), "Two left", "")


def test_where_a_value_stands_in_england_is_said_without_praise():
    words = {band(figures()["icpc-15"], value) for value in (0, 66, 73, 82, 90, 94, 99)}
    assert len(words) == 7
    assert not any("better" in said or "worse" in said for said in words)


def test_the_whole_way_to_the_files(council: Path, published: Path, tmp_path: Path):
    (tmp_path / "t.csv").write_text("measure,target,tolerance\nicpc-15,99,1\n", "utf-8")
    card = upturn.scorecard(
        council, out=tmp_path / "out", targets=tmp_path / "t.csv", benchmark=published, la="Eastmarch",
        population=60_000,
    )  # fmt: skip
    out = tmp_path / "out"
    assert sorted(file.name for file in out.iterdir()) == sorted(OUTPUTS)
    table = pl.read_csv(out / "scorecard.csv", infer_schema_length=None)
    assert table.height == len(card.entries)
    icpc = table.filter(measure="icpc-15").row(0, named=True)
    assert icpc["status"] == "off target"
    assert icpc["distance"] == pytest.approx(icpc["value"] - 99, abs=0.01)
    members = pl.read_csv(out / "scorecard_children.csv", infer_schema=False)
    for row in table.iter_rows(named=True):
        mine = members.filter(measure=row["measure"])["counts"]
        assert ((mine == "in").sum(), (mine == "out").sum()) == (row["n"], row["of"] - row["n"])
    assert json.loads((out / "scorecard.json").read_text("utf-8"))["authority"] == "Eastmarch"
    book = openpyxl.load_workbook(out / "scorecard.xlsx")
    assert book.sheetnames == ["Scorecard", "Over time", "What is moving", "Definitions"]
    assert book["Scorecard"].max_row == 4 + table.height


def test_the_same_extract_gives_the_same_bytes(made_up, tmp_path: Path):
    for name in ("a", "b"):
        write_scorecard(make_scorecard(made_up), tmp_path / name)
    for name in OUTPUTS:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name


#: DfE, Children in need statistics 2025, table C2: England's completed assessments by working days taken.
ENGLAND_BANDS = {
    "same day": 11_680, "1 to 10": 75_590, "11 to 20": 112_180, "21 to 30": 102_260, "31 to 40": 131_380,
    "41 to 45": 122_730, "46 to 50": 37_640, "51 to 60": 27_860, "61 and over": 27_500,
}  # fmt: skip


def test_a_made_up_county_has_englands_bands_within_sampling_error(checked):
    """Seven thousand assessments; siblings come together, so the error is taken half as large again."""
    made = make_council(seed=5, size="county", faults=[]).assessments
    rows = made.select(
        cina_person_id="child_id",
        cina_assessment_start_date="started",
        cina_assessment_auth_date="authorised",
    ).to_dicts()
    check = checked({"cin_assessments": rows})
    value = measure_all(check, [upturn.measures.show("assessments-duration")])[0]
    assert value.of > 5_000
    whole = sum(ENGLAND_BANDS.values())
    assert dict(value.bands).keys() == ENGLAND_BANDS.keys()
    for words, n in value.bands:
        share = ENGLAND_BANDS[words] / whole
        error = 1.5 * (share * (1 - share) / value.of) ** 0.5
        assert n / value.of == pytest.approx(share, abs=3 * error), words
