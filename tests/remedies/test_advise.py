"""The advice on a service simple enough to know the answer, and on the twin itself."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest
from remedies_toy import GOAL, SHALLOW, only, service, toy

from upturn.records.sheets import SourceError
from upturn.remedies.advice import Advice, Swing
from upturn.remedies.advise import Depth, advise
from upturn.remedies.costs import EXAMPLE_LABEL, Costs
from upturn.remedies.load import remedies
from upturn.remedies.search import Effort
from upturn.remedies.stopping import more_settle
from upturn.remedies.telling import sentences_of
from upturn.remedies.worlds import World
from upturn.twin.parameters import PARAMETERS, department
from upturn.twin.simulate import START

#: Remedies that the toy knows, and some that it does not.
SOME = {id_: remedies()[id_] for id_ in (
    "permanent-posts", "agency-team", "director-salary", "overtime", "business-support", "shorter-forms",
    "threshold-training", "early-help",
)}  # fmt: skip


def ask(costs: Costs, **changes: Any) -> Advice:
    given: dict[str, Any] = {"budget": 1_500_000, "goal": GOAL, "costs": costs, "depth": SHALLOW,
                             "simulate": toy, "catalogue": SOME}  # fmt: skip
    about = changes.pop("service", service())
    return advise(about, **{**given, **changes})


@pytest.fixture(scope="module")
def told(costs: Costs) -> Advice:
    return ask(costs)


def test_what_helps_is_advised_and_what_cannot_is_not(told: Advice) -> None:
    helps = {r.id for r in remedies().values()
             if set(r.parameters) & {"posts", "admin_share", "hours_a_week", "contacts_a_month",
                                     "hours_assessment"}}  # fmt: skip
    assert told.best.mix
    assert {id_ for id_, _ in told.best.mix} <= helps
    assert told.best.chance > 0.9 > 0.1 > told.nothing.chance


@pytest.mark.parametrize("budget", [0, 50_000, 400_000, 1_500_000])
def test_doing_nothing_is_always_there_and_the_budget_always_holds(
    costs: Costs, budget: float
) -> None:
    found = ask(costs, budget=budget, depth=replace(SHALLOW, swings=0, spiral=0))
    assert found.options[-1].mix == ()
    assert found.nothing.mix == ()
    assert found.nothing.set_aside == 0
    for option in (*found.options, *found.frontier, *found.alone):
        assert option.set_aside <= budget + 1e-6, option.name


def test_more_money_never_saves_fewer_days(costs: Costs) -> None:
    depth = replace(SHALLOW, swings=0, spiral=0)
    best = [ask(costs, budget=b, depth=depth).frontier[-1].overdue.mean
            for b in (0, 100_000, 500_000, 2_000_000)]  # fmt: skip
    assert all(later <= earlier + 1e-9 for earlier, later in pairwise(best))


def test_along_the_frontier_more_money_means_fewer_days(told: Advice) -> None:
    days = [o.overdue.mean for o in told.frontier]
    costs = [o.set_aside for o in told.frontier]
    assert days == sorted(days, reverse=True)
    assert costs == sorted(costs)


def test_the_same_seed_gives_the_same_answer_on_any_executor(costs: Costs) -> None:
    depth = replace(SHALLOW, swings=4)
    first = ask(costs, seed=7, depth=depth)
    with ThreadPoolExecutor(3) as pool:
        again = ask(costs, seed=7, depth=depth, executor=pool)
    assert first.options == again.options
    assert first.swings == again.swings
    assert first.sentences == again.sentences
    assert first.paths.equals(again.paths)


def test_what_the_chosen_were_chosen_by_is_not_what_they_are_judged_by(costs: Costs) -> None:
    seen: list[int] = []

    def spy(plans: Any, seed: int, first: int) -> Any:
        seen.append(first)
        return toy(plans, seed, first)

    ask(costs, simulate=spy, depth=replace(SHALLOW, swings=0, spiral=0))
    searched, judged = [n for n in seen if n < 100_000], [n for n in seen if n >= 100_000]
    assert searched
    assert judged


def test_a_remedy_without_its_price_is_left_out_and_said_so(costs: Costs) -> None:
    few = only(costs, "social_worker_a_year", "agency_worker_a_year", "recruitment_each")
    found = ask(few, depth=replace(SHALLOW, swings=0, spiral=0))
    left = dict(found.left_out)
    assert "project_day" in left["shorter-forms"]
    assert {id_ for o in found.alone for id_, _ in o.mix}.isdisjoint(left)


def test_the_advice_never_promises(told: Advice) -> None:
    assert "no promise" in told.answer
    assert "simulated runs" in told.answer
    assert any("assumed" in note for note in told.notes)
    for sentence in (told.answer, *told.sentences):
        assert "will " not in sentence


def test_example_prices_are_said_to_be_an_example(costs: Costs) -> None:
    depth = replace(SHALLOW, swings=0, spiral=0)
    found = ask(replace(costs, example=True), depth=depth)
    assert found.notes[0] == EXAMPLE_LABEL
    assert EXAMPLE_LABEL not in ask(costs, depth=depth).notes


def test_when_the_effect_shows_is_after_the_lead_time(told: Advice) -> None:
    leads = [told.remedies[id_].lead for id_, _ in told.best.mix]
    assert told.best.shows is not None
    assert min(leads) < told.best.shows <= max(leads) + 4


def test_a_planted_assumption_is_found_to_change_the_advice(costs: Costs) -> None:
    """With the form's effect at its least nothing is left of it, and support does better."""
    forms = remedies()["shorter-forms"]
    gamble = replace(forms, effects=(replace(forms.effects[0], amounts=(0.6, 0.7, 1.0)),))
    sure = replace(remedies()["permanent-posts"], most_of="", most_times=10)
    found = ask(costs, catalogue={"shorter-forms": gamble, "permanent-posts": sure}, budget=400_000,
                depth=replace(SHALLOW, effort=replace(SHALLOW.effort, parts=1)))  # fmt: skip
    assert dict(found.best.mix).keys() == {"shorter-forms"}
    swing = next(s for s in found.swings if s.what.startswith("Shorter assessment form"))
    assert swing.changes
    assert swing.chance_low > swing.chance_high


def test_an_assumption_that_does_not_matter_changes_nothing(told: Advice) -> None:
    swing = next(s for s in told.swings if s.what == "how load bears on sickness")
    assert (swing.changes, swing.chance_low) == (False, swing.chance_high)


def test_a_dearer_price_that_breaks_the_budget_is_said(costs: Costs) -> None:
    found = ask(costs, budget=400_000)
    prices = [s for s in found.swings if s.price]
    assert prices
    assert not [s for s in found.swings if s.what.startswith("price: ") and not s.price]
    for swing in prices:
        assert swing.cost is not None
        assert swing.changes == ("over the budget" in swing.sentence) == (swing.cost > 400_000)


def test_several_prices_that_break_the_budget_are_one_sentence(told: Advice) -> None:
    price = Swing(
        "price: a worker", "yours", 1.0, 1.2, "pounds", 0.5, 0.5, "A", "", True, "If.", 1.2e6
    )
    moved = [
        price,
        replace(price, what="price: a chair", cost=1.1e6),
        replace(price, changes=False),
    ]
    (said,) = sentences_of(told.nothing, None, moved, told.goal, 1e6)[1:]
    assert said == (
        "One of these prices 20 % higher takes the mix over the budget: a worker (£1.20 million); a chair "
        "(£1.10 million)."
    )


def test_the_cheapest_that_stops_the_spiral_is_named(costs: Costs) -> None:
    """At 70 contacts for each 25 posts the toy goes on filling up; posts or less work stop that."""
    found = ask(costs, service=service(contacts_a_month=152), budget=3_000_000)
    assert found.spiral is not None
    assert (found.spiral.push, found.spiral.nothing) == (0.0, 0.0)
    assert found.spiral.cheapest is not None
    assert found.spiral.cheapest_settled > 0.5
    assert found.spiral.cheapest.name in found.spiral.sentence


@pytest.mark.parametrize(
    ("better", "worse", "says", "because"),
    [
        (2, 0, False, "14 of 24 against 12 of 24 is chance"),
        (5, 0, True, "five that settle and none the other way is not"),
        (12, 10, False, "as many the other way"),
        (0, 0, False, "nothing differs"),
    ],
)
def test_an_option_stops_the_spiral_only_when_more_runs_settle_than_chance_would_show(
    better: int, worse: int, says: bool, because: str
) -> None:
    without = np.arange(24) < 12
    with_it = without.copy()
    with_it[:worse] = False
    with_it[12 : 12 + better] = True
    assert more_settle(with_it, without) is says, because


def test_where_nothing_spirals_a_push_is_tried(costs: Costs) -> None:
    found = ask(costs, service=service(contacts_a_month=120))
    assert found.spiral is not None
    assert found.spiral.push > 0


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"goal": "be better"}, "is not a goal"),
        ({"budget": -1}, "a budget is an amount of money"),
        ({"budget": float("nan")}, "a budget is an amount of money"),
        ({"months": 6}, "months can be 9"),
        ({"months": 99}, "months can be 9"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_one_line(
    costs: Costs, changes: dict[str, Any], says: str
) -> None:
    with pytest.raises(SourceError, match=says) as caught:
        ask(costs, **changes)
    assert "\n" not in str(caught.value)


def test_a_remedy_begins_after_its_lead_grows_and_ends(costs: Costs) -> None:
    values = np.array([department().values])
    world = World(values, department(), remedies(), costs, 12, START, 1)
    plan = world.plan((("agency-team", 5), ("permanent-posts", 6)), 0)
    posts = plan[:, PARAMETERS["posts"]]
    assert posts.tolist() == [60, 65, 67, 69, 71, 71, 71, 66, 66, 66, 66, 66]


def test_how_well_a_remedy_works_is_drawn_the_same_for_every_mix(costs: Costs) -> None:
    world = World(np.array([department().values]), department(), remedies(), costs, 12, START, 1)
    column = PARAMETERS["hours_assessment"]
    alone = [world.plan((("shorter-forms", 1),), rep)[-1, column] for rep in range(50)]
    beside = [world.plan((("permanent-posts", 3), ("shorter-forms", 1)), rep)[-1, column]
              for rep in range(50)]  # fmt: skip
    assert alone == beside
    assert len(set(alone)) == 50
    usual = department().value("hours_assessment")
    assert 0.8 * usual <= min(alone) < max(alone) <= usual


def test_the_twin_itself_is_searched_and_more_posts_help(costs: Costs) -> None:
    pytest.importorskip("numba")
    small = department(posts=8, contacts_a_month=30, manager_posts=2, screening_posts=2, teams=1)
    few = only(
        costs, "social_worker_a_year", "agency_worker_a_year", "recruitment_each", "project_day"
    )
    depth = Depth(Effort(alone=8, first=8, most=8, mixes=1, rounds=0), shown=16, frontier=2, spiral=0,
                  swings=0)  # fmt: skip
    kept = {id_: remedies()[id_] for id_ in ("permanent-posts", "agency-team", "least-loaded")}
    found = advise(small, budget=400_000, goal="caseload <= 20 within 6 months",
                   costs=Costs(MappingProxyType(few.values), "c", "0" * 64, False), depth=depth,
                   catalogue=kept)  # fmt: skip
    assert found.months == 12
    assert {"permanent-posts", "agency-team"} & set(dict(found.best.mix))
    assert found.best.value.mean < found.nothing.value.mean
    assert found.best.spend is not None
    assert found.best.spend.mean <= found.best.set_aside * 1.05
