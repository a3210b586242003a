"""Advice in sentences: each with its chance and with what is assumed. Never a promise."""

from __future__ import annotations

from upturn.causes.words import amount, figure, percent
from upturn.remedies.advice import Option, Spread
from upturn.remedies.goal import Goal
from upturn.remedies.model import Remedy
from upturn.twin.series import OUTCOMES

#: Points between what was recorded and what the twin makes from which the reader is told what that means.
APART = 0.1
_NO_FORECAST = (
    "That is doubt, and no forecast of a change: what can be read is how the options differ."
)
#: A goal is likely when more than this share of runs meets it.
LIKELY = 0.5


def pounds(value: float) -> str:
    """An amount of money, rounded to what can be meant.

    >>> pounds(1234567), pounds(48200), pounds(0), pounds(-2_340_000)
    ('£1.23 million', '£48,000', '£0', '-£2.34 million')
    """
    sign, size = ("-" if value < 0 else ""), abs(value)
    if size >= 1_000_000:
        return f"{sign}£{size / 1e6:,.2f} million"
    digits = -3 if size >= 10_000 else -2 if size >= 1000 else 0
    return f"{sign}£{round(size, digits):,.0f}".replace("-£0", "£0")


def part_words(remedy: Remedy, steps: int) -> str:
    """One part of a mix.

    >>> from upturn.remedies.load import remedies
    >>> part_words(remedies()["permanent-posts"], 8), part_words(remedies()["duty-redesign"], 1)
    ('permanent posts (8)', 'duty and triage redesign')
    >>> part_words(remedies()["overtime"], 3), part_words(remedies()["retention-payment"], 2)
    ('overtime for six months (3 hours a week each)', 'retention payment (£2,000 a worker a year)')
    """
    title = remedy.title[0].lower() + remedy.title[1:]
    if remedy.switch:
        return title
    if remedy.unit in (
        "post",
        "worker",
        "support worker",
        "early-help worker",
        "chair",
        "reviewing manager",
    ):
        return f"{title} ({steps})"
    return f"{title} ({_steps_words(remedy.unit, steps)})"


def _steps_words(unit: str, steps: int) -> str:
    """So many of a unit: its first word is what is counted."""
    first, _, rest = unit.partition(" ")
    if rest.startswith("pounds "):
        return f"{pounds(steps * float(first.replace(',', '')))} {rest.removeprefix('pounds ')}"
    many = {"child": "children"}.get(first, f"{first}s") if steps != 1 else first
    return f"{steps} {many} {rest}".strip()


def goal_words(goal: Goal) -> str:
    """The goal as it is judged.

    >>> from upturn.remedies.goal import parse_goal
    >>> goal_words(parse_goal("assessments in time >= 90% within 9 months"))
    'assessments in time at least 90 % in months 7 to 9'
    """
    sign = "at least" if goal.above else "at most"
    first = max(1, goal.months - 2)
    when = f"month {first}" if first == goal.months else f"months {first} to {goal.months}"
    return f"{goal.what.replace('-', ' ')} {sign} {value_words(goal.target, goal)} in {when}"


def value_words(value: float, goal: Goal) -> str:
    """A value of the goal's outcome in its unit."""
    if goal.share:
        return percent(value) if value == value else "not known"
    return amount(value, OUTCOMES[goal.outcome].unit)


def recorded_words(recorded: float, months: int, nothing: Option, goal: Goal) -> str:
    """What was recorded, beside what the twin makes of doing nothing; a warning where the two are apart."""
    when = "month" if months == 1 else f"{months} months"
    said = (
        f"In the last {when} recorded it was {value_words(recorded, goal)}; doing nothing, the twin makes "
        f"{value_words(nothing.value.mean, goal)} on average."
    )
    if nothing.value.low <= recorded <= nothing.value.high:
        apart = goal.share and abs(nothing.value.mean - recorded) > APART
        return f"{said} {_NO_FORECAST}" if apart else said
    return (
        f"{said} What was recorded lies outside what the twin makes in nine runs of ten: the twin does not "
        "fit this service well, and nothing here should be decided on before it does (upturn twin fit)."
    )


def between(spread: Spread, goal: Goal) -> str:
    """The ends of nine runs in ten."""
    return f"{value_words(spread.low, goal)} to {value_words(spread.high, goal)}"


def chance_words(option: Option) -> str:
    """The chance with its Monte Carlo interval.

    >>> from upturn.remedies.advice import Spread
    >>> s = Spread(1.0, 1.0, 1.0)
    >>> chance_words(Option("x", (), 0, 0, None, 0.7, 0.62, 0.77, s, s, s, 1.0, None, 100))
    '70 % (62 % to 77 %)'
    """
    return (
        f"{percent(option.chance)} ({percent(option.chance_low)} to {percent(option.chance_high)})"
    )


def risk_words(option: Option) -> str:
    """How many runs in ten fail."""
    return f"it fails in {percent(option.risk)} of runs"


def shows_words(option: Option) -> str:
    """When an effect shows."""
    if not option.mix:
        return "nothing changes"
    if option.shows is None:
        return "no effect shows beyond chance within the months simulated"
    return f"the effect shows from month {option.shows} on in four runs in five"


def answer_words(best: Option, nothing: Option, goal: Goal, budget: float) -> str:
    """The advice in two or three sentences."""
    aim = goal_words(goal)
    if not best.mix:
        return (
            f"Within {pounds(budget)}, none of the mixes tried was better than doing nothing. Doing nothing "
            f"meets the goal ({aim}) in {percent(nothing.chance)} of simulated runs."
        )
    likely = "" if best.chance > LIKELY else "No mix tried makes the goal likely. "
    return (
        f"{likely}Of the mixes tried within {pounds(budget)}, the surest is: {best.name}. It meets the goal "
        f"({aim}) in {chance_words(best)} of simulated runs; doing nothing does in {chance_words(nothing)}. "
        f"{_reaches(best, nothing, goal)}It costs at most {pounds(best.set_aside)}. This is no promise: it "
        "rests on what is assumed below."
    )


def _reaches(best: Option, nothing: Option, goal: Goal) -> str:
    """How near it comes on average; nothing where there was nothing to count."""
    if best.value.mean != best.value.mean or nothing.value.mean != nothing.value.mean:
        return ""
    return (
        f"On average it reaches {value_words(best.value.mean, goal)}, doing nothing "
        f"{value_words(nothing.value.mean, goal)}. "
    )


def option_words(option: Option, goal: Goal, budget: float) -> tuple[str, ...]:
    """One option in sentences: chance, risk, effect, cost."""
    said = [
        f"The goal is met in {chance_words(option)} of runs; {risk_words(option)}. At the deadline nine runs "
        f"in ten lie from {between(option.value, goal)}.",
        f"{shows_words(option)[0].upper()}{shows_words(option)[1:]}.",
    ]
    if option.mix:
        said.append(
            f"Children's days overdue: {figure(round(option.saved.mean))} fewer than doing nothing (nine "
            f"runs in ten: {figure(round(option.saved.low))} to {figure(round(option.saved.high))}); "
            f"fewer in {percent(option.better)} of runs."
        )
        said.append(_cost_words(option, budget))
    return tuple(said)


def _cost_words(option: Option, budget: float) -> str:
    text = f"Set aside {pounds(option.set_aside)}, the most it can cost in these months"
    if option.spend is not None:
        text += (
            f"; likely to be spent, beyond doing nothing: {pounds(option.spend.mean)} (nine runs in ten: "
            f"{pounds(option.spend.low)} to {pounds(option.spend.high)})"
        )
    return f"{text}. After that, up to {pounds(option.yearly)} a year."
