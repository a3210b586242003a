"""Each sentence to its themes, its polarity, what it states, and the causes that it names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce
from math import inf

import polars as pl

from upturn.published.themes.lean import leanings, load_lean
from upturn.published.themes.load import load_rules
from upturn.published.themes.model import Lean, Patterns, Rules, Topic

#: Parts a sentence where it turns; no report has this character.
_TURN = "\x1f"
_TURNS_FIRST = r"(?:^|, (?:and |but )?)(?:although|while|whilst|whereas|though),? ([^,]+), "
#: What an action is for: the factors named there are not what is asked for.
_PURPOSE = r"\b(?:so that|in order (?:to|that))\b.*"

#: So begins a part that goes on about what the part before it is about.
_GOES_ON = r"^\s*(?:it|they|this|these|is|are|was|were|has|have|does|do|not)\b"


def classify(
    texts: Sequence[str],
    *,
    asked: Sequence[bool] | None = None,
    rules: Rules | None = None,
    weights: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """What each sentence of ``texts`` says, one row for each, in order.

    ``asked`` is true for a sentence in the report's list of what should be done: whatever its words, it is
    one of concern. Columns: ``text``, ``themes`` (ids, in the order of the rules), ``polarity`` and ``kind``
    (`POLARITIES`, `KINDS`), ``causes`` (ids of the factors named as amiss). ``rules`` and
    ``weights`` (`upturn.published.themes.lean`) are those shipped when left out. The same sentence always
    gets the same answer.

    >>> said = classify(["Not all assessments are good.", "No child was left waiting."])
    >>> said["polarity"].to_list(), said["themes"].to_list()[0]
    (['concern', 'strength'], ['assessment'])
    """
    using = rules or load_rules()
    frame = _leaning(_frame(texts, asked), weights)
    parts = _parts(frame, using)
    frame = frame.with_columns(
        polarity=_polarity(parts, using), themes=_named(using.themes, "plain")
    ).with_columns(causes=_causes(frame, parts, using))
    return frame.with_columns(kind=_kind(using)).select(
        "text", "themes", "polarity", "kind", "causes"
    )


def polarities(texts: Sequence[str]) -> list[str]:
    """The polarity alone of each sentence, as `classify` has it, in a fraction of the time.

    >>> polarities(["No child was left waiting.", "Plans are weak."])
    ['strength', 'concern']
    """
    rules = load_rules()
    frame = _leaning(_frame(texts, None), None)
    return _polarity(_parts(frame, rules), rules).to_list()


def _leaning(frame: pl.DataFrame, weights: pl.DataFrame | None) -> pl.DataFrame:
    using = load_lean() if weights is None else weights
    return frame.with_columns(lean=leanings(frame["plain"], using))


def _frame(texts: Sequence[str], asked: Sequence[bool] | None) -> pl.DataFrame:
    told = [False] * len(texts) if asked is None else list(asked)
    return pl.DataFrame(
        {"text": list(texts), "asked": told}, schema={"text": pl.String, "asked": pl.Boolean}
    ).with_columns(plain=_plain(pl.col("text")))


def plain(texts: pl.Series) -> pl.Series:
    """Each text as the patterns and the weights want it.

    >>> plain(pl.Series(["The  Board\u2019s plan"])).to_list()
    ["the board's plan"]
    """
    return texts.to_frame("text").select(_plain(pl.col("text")))["text"]


def by_words(texts: Sequence[str]) -> list[str]:
    """The polarity that the cues alone give each sentence, whichever way its other words lean.

    >>> by_words(["Plans are weak.", "The town has one children's home."])
    ['concern', 'neither']
    """
    rules = load_rules()
    silent = Lean(praise=inf, concern=-inf, outweighs=inf)
    frame = _frame(texts, None).with_columns(lean=pl.lit(0.0))
    return _polarity(_parts(frame, rules), replace(rules, lean=silent)).to_list()


def _plain(text: pl.Expr) -> pl.Expr:
    """One line in small letters, with plain apostrophes and hyphens: the patterns need only one of each."""
    text = text.str.to_lowercase()
    for pattern, by in ((r"[\u2018\u2019]", "'"), (r"[\u2010\u2011\ufffe]", "-"), (r"\s+", " ")):
        text = text.str.replace_all(pattern, by)
    return text.str.strip_chars()


def _without(text: pl.Expr, pattern: str) -> pl.Expr:
    return text.str.replace_all(pattern, " ") if pattern else text


def _without_any(text: pl.Expr, patterns: Patterns, by: str = " ") -> pl.Expr:
    return reduce(lambda left, pattern: left.str.replace_all(pattern, by), patterns, text)


def _has(text: pl.Expr, patterns: Patterns) -> pl.Expr:
    return pl.any_horizontal([text.str.contains(pattern) for pattern in patterns])


def _speaks_of(topic: Topic, column: str) -> pl.Expr:
    left = _without(pl.col(column), topic.unless)
    found = left.str.contains(topic.words)
    return found & left.str.contains(topic.beside) if topic.beside else found


def _named(topics: Sequence[Topic], column: str) -> pl.Expr:
    """The ids of the topics that the text in ``column`` speaks of, as a list."""
    ids = [pl.when(_speaks_of(topic, column)).then(pl.lit(topic.id)) for topic in topics]
    return pl.concat_list(ids).list.drop_nulls()


def _parts(frame: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """The parts of each sentence, which is parted where it turns, and what each of them says."""
    tone = rules.tone
    return (
        frame.lazy()
        .select(
            "asked",
            "lean",
            pl.col("plain").str.replace_all(_TURNS_FIRST, f"{_TURN}${{1}}{_TURN}").alias("part"),
        )
        .with_row_index("row")
        .with_columns(_without_any(pl.col("part"), tone.contrast, _TURN).str.split(_TURN))
        .explode("part")
        .with_columns(part=_without_any(pl.col("part"), tone.neutral))
        .with_columns(left=_without_any(pl.col("part"), tone.good_negatives))
        .with_columns(
            bad=_has(pl.col("left"), tone.concern),
            done=_done(pl.col("part"), rules),
            fact=_has(pl.col("part"), tone.facts),
            in_hand=_has(pl.col("part"), tone.in_hand),
            good=_has(pl.col("left"), tone.praise) | (pl.col("left") != pl.col("part")),
        )
        .collect()
    )


def _polarity(parts: pl.DataFrame, rules: Rules) -> pl.Series:
    """Concern, praise, both (where the sentence turns, or what is amiss is in hand) or neither."""
    whole = pl.len().over("row") == 1
    swayed = whole & pl.col("good") & ~pl.col("in_hand") & (pl.col("lean") > rules.lean.outweighs)
    parts = parts.with_columns(bad=pl.col("bad") & ~swayed)
    said = parts.group_by("row", maintain_order=True).agg(
        pl.col("asked", "lean").first(),
        pl.col("bad", "in_hand", "fact", "done").any(),
        praise=(pl.col("good") & ~pl.col("bad")).any(),
    )
    return said.select(
        pl.when("asked")
        .then(pl.lit("concern"))
        .when(pl.col("bad") & (pl.col("praise") | pl.col("in_hand")))
        .then(pl.lit("mixed"))
        .when("bad")
        .then(pl.lit("concern"))
        .when(pl.col("praise") | pl.col("in_hand") | pl.col("done"))
        .then(pl.lit("strength"))
        .when(~pl.col("fact") & (pl.col("lean") > rules.lean.praise))
        .then(pl.lit("strength"))
        .when(~pl.col("fact") & (pl.col("lean") < rules.lean.concern))
        .then(pl.lit("concern"))
        .otherwise(pl.lit("neither"))
        .alias("polarity")
    ).to_series()


def _causes(frame: pl.DataFrame, parts: pl.DataFrame, rules: Rules) -> pl.Series:
    """The factors named in the parts of a sentence that tell of a concern, and nowhere else."""
    whole = frame["plain"].gather(parts["row"])
    goes_on = (pl.len().over("row") > 1) & pl.col("part").str.contains(_GOES_ON)
    about = (
        pl.when("asked")
        .then(pl.col("part").str.replace(_PURPOSE, ""))
        .when(goes_on)
        .then(whole)
        .otherwise(pl.col("part"))
    )
    amiss = parts.with_columns(about=about).filter(pl.col("bad") | pl.col("asked"))
    named = (
        amiss.select("row", causes=_named(rules.factors, "about"))
        .group_by("row")
        .agg(pl.col("causes").explode().drop_nulls().unique(maintain_order=True))
    )
    rows = frame.select(pl.int_range(pl.len(), dtype=pl.UInt32).alias("row"))
    none = pl.lit([], dtype=pl.List(pl.String))
    return rows.join(named, on="row", how="left", maintain_order="left").select(
        pl.col("causes").fill_null(none)
    )["causes"]


def _done(text: pl.Expr, rules: Rules) -> pl.Expr:
    """Whether something is said to be done to put things right."""
    return _without(text, rules.remedy_unless).str.contains(rules.remedy)


def _kind(rules: Rules) -> pl.Expr:
    """What the sentence states. A factor that is amiss is a cause; "put it right" is a symptom still."""
    text, worried = pl.col("plain"), pl.col("polarity").is_in(["concern", "mixed"])
    done = _done(text, rules)
    means = pl.col("asked") & text.str.contains(rules.asked)
    return (
        pl.when(worried & (pl.col("causes").list.len() > 0))
        .then(pl.lit("cause"))
        .when(means | (done & ~pl.col("asked") & (pl.col("polarity") != "concern")))
        .then(pl.lit("remedy"))
        .when(worried)
        .then(pl.lit("symptom"))
        .otherwise(pl.lit("neither"))
    )
