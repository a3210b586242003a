"""Published files of a made-up country, in the layouts of the real ones, with effects planted on purpose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl

YEARS = tuple(range(2014, 2026))
WORKFORCE = "csww_made_up.csv"
REFERRALS = "c1_made_up.csv"
JUDGED = "judgements_made_up.csv"
NEAR = "neighbours_made_up.csv"
REAL = Path(__file__).resolve().parents[2].parent / "shared" / "data"


def country(
    folder: Path,
    *,
    authorities: int = 70,
    judged: int = 20,
    vacancy: float = 6.0,
    referrals: float = 0.15,
    seed: int = 1,
) -> list[Path]:
    """Write four files; ``judged`` authorities become inadequate and later good. Returns the paths.

    From the first census after, their vacancy rate is ``vacancy`` points higher and the logarithm of their
    referrals ``referrals`` higher. Others are judged good once.
    """
    rng = np.random.default_rng(seed)
    codes = [str(300 + n) for n in range(authorities)]
    # Spread over 2016 to 2021, on days of every month, so that censuses fall on both sides.
    days = {
        code: date(2016, 1, 15) + timedelta(days=91 * n) for n, code in enumerate(codes[:judged])
    }
    noise = rng.normal(size=(authorities, len(YEARS)))
    own = rng.normal(16, 4, size=(authorities, 1))
    year = np.linspace(0, 3, len(YEARS))
    after = _after(codes, days, 9, 30)
    rate = own + year + 1.0 * noise + vacancy * after
    _table(folder / WORKFORCE, codes, {"vacancy_rate_fte": rate, "caseload_fte": own + noise})
    base = rng.normal(7.5, 0.4, size=(authorities, 1))
    log = base + 0.05 * rng.normal(size=noise.shape) + referrals * _after(codes, days, 3, 31)
    count = np.exp(log)
    _table(folder / REFERRALS, codes, {"referral_count": count, "rereferral_percent": 20 + noise})
    _judgements(folder / JUDGED, codes, days)
    _neighbours(folder / NEAR, codes)
    return [folder / name for name in (WORKFORCE, REFERRALS, JUDGED, NEAR)]


def _after(codes: Sequence[str], days: Mapping[str, date], month: int, day: int) -> np.ndarray:
    return np.array(
        [[code in days and days[code] <= date(y, month, day) for y in YEARS] for code in codes],
        float,
    )


def _table(path: Path, codes: Sequence[str], columns: Mapping[str, np.ndarray]) -> None:
    rows = [
        {"time_period": str(y), "time_identifier": "Reporting year", "geographic_level": "Local authority",
         "country_name": "England", "region_name": "Middle", "old_la_code": code, "la_name": f"Area {code}",
         **{name: f"{values[n, k]:.6f}" for name, values in columns.items()}}
        for k, y in enumerate(YEARS)
        for n, code in enumerate(codes)
    ]  # fmt: skip
    england = [
        {"time_period": str(y), "time_identifier": "Reporting year", "geographic_level": "National",
         "country_name": "England", "region_name": "", "old_la_code": "", "la_name": "",
         **{name: f"{values[:, k].mean():.6f}" for name, values in columns.items()}}
        for k, y in enumerate(YEARS)
    ]  # fmt: skip
    pl.DataFrame(england + rows).write_csv(path)


def _judgements(path: Path, codes: Sequence[str], days: Mapping[str, date]) -> None:
    rows = []
    for n, code in enumerate(codes):
        first = days.get(code, date(2017, 5, 1) + timedelta(days=37 * n))
        said = "inadequate" if code in days else "good"
        rows.append(judgement(code, first, said))
        if code in days and n % 4:
            rows.append(judgement(code, first + timedelta(days=900), "good"))
    pl.DataFrame(rows).write_csv(path)


def judgement(code: str, day: date | str, overall: str, **more: str) -> dict[str, str]:
    """One row of a list of judgements."""
    return {"urn": f"80{code}", "la_code": code, "la": f"area-{code}", "framework": "ILACS",
            "published": str(day), "overall": overall, "leaders": overall, **more}  # fmt: skip


def _neighbours(path: Path, codes: Sequence[str]) -> None:
    rows = [
        {"old_la_code": code, "la_name": f"Area {code}",
         **{f"SN_{k}": codes[(n + k) % len(codes)] for k in range(1, 11)}}
        for n, code in enumerate(codes)
    ]  # fmt: skip
    pl.DataFrame(rows).write_csv(path)


def real_files() -> list[Path]:
    """The department's and Ofsted's files beside the project, where they are."""
    tables = ["c1*", "c2*", "c4*", "csww*", "d1*", "d3*", "d6*", "ons*"]
    found = [file for name in tables for file in sorted((REAL / "dfe").glob(f"{name}.csv"))]
    others = [
        "la_cin_cp_2016_2025_long.csv",
        "neighbours/sn_model_2025_wide.csv",
        "ofsted_judgements_2013_2026.csv",
    ]
    return [*found, *(REAL / name for name in others)]
