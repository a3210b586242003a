"""Teams, posts and the people who hold them: permanent workers, vacancies, agency cover, leavers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
import polars as pl
import yaml
from numpy.typing import NDArray

from upturn.synthetic.days import NEVER, Days
from upturn.synthetic.draw import Rng, Streams
from upturn.synthetic.figures import figure


@cache
def read(name: str) -> Any:
    """One of the YAML files of this room."""
    return yaml.safe_load(resources.files(__package__).joinpath(name).read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Staff:
    """``teams`` and ``workers`` as tables, and who held each post from when.

    ``post_team`` gives the team of each post. Spells are sorted by post and day; ``spell_worker`` is -1
    while nobody held the post and nobody covered it.
    """

    teams: pl.DataFrame
    workers: pl.DataFrame
    post_team: Days
    spell_post: Days
    spell_from: Days
    spell_worker: Days

    def posts(self, service: str) -> Days:
        """The posts of a service; of the safeguarding service where a council has no such service."""
        team = self.teams.with_row_index().filter(pl.col("service") == service)["index"].to_numpy()
        found = np.flatnonzero(np.isin(self.post_team, team))
        return found if len(found) else self.posts("safeguarding")

    def holder(self, post: Days, day: Days) -> Days:
        """Who held each post on each day (a row number of ``workers``), -1 for nobody."""
        key = self.spell_post * 10**6 + self.spell_from
        at = np.searchsorted(key, post * 10**6 + day, side="right") - 1
        known = (at >= 0) & (self.spell_post[np.maximum(at, 0)] == post)
        return np.where(known, self.spell_worker[np.maximum(at, 0)], -1)


def hire(streams: Streams, *, size: str, a_year: int, first: int, as_at: int) -> Staff:
    """The teams of a council and everybody who worked in them from ``first`` to ``as_at``."""
    teams = _small_teams() if size == "small" else _county_teams(a_year)
    post_team = np.repeat(np.arange(teams.height), teams["posts"].to_numpy())
    rng = streams.of("staff")
    spells = [s for post in range(len(post_team)) for s in _post_history(rng, post, first, as_at)]
    workers = _workers(rng, teams, post_team, spells)
    filled = _covered(spells, post_team)
    post, start, worker = (np.array(c, dtype=np.int64) for c in zip(*filled, strict=True))
    return Staff(teams, workers, post_team, post, start, worker)


def _small_teams() -> pl.DataFrame:
    return pl.DataFrame(read("teams.yaml")["small"]).select("team", "service", "posts")


def _county_teams(a_year: int) -> pl.DataFrame:
    """As many posts as hold everybody open at a date at the published caseload."""
    open_at_once = figure("need.at_a_date") + figure("care_leavers.per_referral")
    posts = a_year * open_at_once / figure("workforce.caseload") / (1 - 0.015)
    layout, rows = read("teams.yaml"), []
    for service, said in layout["services"].items():
        wanted = round(posts * said["share"])
        teams = max(1, round(wanted / layout["posts_in_a_team"]))
        for n in range(teams):
            size = wanted // teams + (n < wanted % teams)
            rows.append((_team_name(said, n), service, size))
    return pl.DataFrame(rows, schema=["team", "service", "posts"], orient="row")


def _team_name(said: dict[str, str], n: int) -> str:
    areas = read("names.yaml")["areas"]
    if said["by"] == "number":
        return f"{said['named']} {n + 1}"
    again = f" {n // len(areas) + 1}" if n >= len(areas) else ""
    return f"{said['named']} {areas[n % len(areas)]}{again}"


Spell = tuple[int, int, int, str]  # post, from, to, kind


def _post_history(rng: Rng, post: int, first: int, as_at: int) -> list[Spell]:
    """Spells of one post: ``permanent``, ``agency`` or ``empty``, one after the other."""
    tenure = 365.25 / figure("workforce.turnover")
    vacancy = figure("workforce.vacancy")
    vacant_days = tenure * vacancy / (1 - vacancy)
    day, empty, spells = first, bool(rng.random() < vacancy), []
    while day <= as_at:
        until = day + 1 + int(rng.exponential(vacant_days if empty else tenure))
        spells += _agency(rng, post, day, until) if empty else [(post, day, until, "permanent")]
        day, empty = until, not empty
    return spells


def _agency(rng: Rng, post: int, day: int, until: int) -> list[Spell]:
    spells: list[Spell] = []
    while day < until:
        gap = min(until, day + 1 + int(rng.exponential(figure("workforce.agency_gap_days"))))
        leaves = min(until, gap + 14 + int(rng.exponential(figure("workforce.agency_stay_days"))))
        spells.append((post, day, gap, "empty"))
        if leaves > gap:
            spells.append((post, gap, leaves, "agency"))
        day = leaves
    return spells


def _workers(rng: Rng, teams: pl.DataFrame, post_team: Days, spells: list[Spell]) -> pl.DataFrame:
    held = [s for s in spells if s[3] != "empty"]
    post = np.array([s[0] for s in held])
    first = min(s[1] for s in held)
    before = rng.integers(20, 3000, len(held))
    return pl.DataFrame(
        {
            "worker_id": [f"W{n + 1:05d}" for n in range(len(held))],
            "worker": _names(rng, len(held)),
            "team": teams["team"].gather(post_team[post]),
            "post": post,
            "agency": [s[3] == "agency" for s in held],
            "started_on": np.array([s[1] for s in held])
            - np.where([s[1] == first for s in held], before, 0),
            "left_on": np.array([s[2] for s in held]),
        }
    )


def _names(rng: Rng, n: int) -> list[str]:
    names = read("names.yaml")
    first, last = names["first"], names["last"]
    pick: NDArray[Any] = rng.permutation(len(first) * len(last))[:n]
    return [f"{first[p % len(first)]} {last[p // len(first)]}" for p in pick.tolist()]


def _covered(spells: list[Spell], post_team: Days) -> list[tuple[int, int, int]]:
    """Post, from, worker: an empty post's children are held by a colleague of the team who stays longest."""
    worker, held = 0, []
    for post, start, end, kind in spells:
        held.append((post, start, end, -1 if kind == "empty" else worker))
        worker += kind != "empty"
    team_spells: dict[int, list[tuple[int, int, int]]] = {}
    for post, start, end, who in held:
        if who >= 0:
            team_spells.setdefault(int(post_team[post]), []).append((start, end, who))
    return [
        (
            post,
            start,
            who if who >= 0 else _stays_longest(team_spells.get(int(post_team[post]), []), start),
        )
        for post, start, _, who in held
    ]


def _stays_longest(there: list[tuple[int, int, int]], day: int) -> int:
    present = [(end, who) for start, end, who in there if start <= day < end]
    return max(present, default=(NEVER, -1))[1]
