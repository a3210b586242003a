"""Each sentence to its themes, its polarity, what it states, and the causes that it names."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from upturn.published.themes.load import load_rules
from upturn.published.themes.model import Rules, Tone, Topic

#: Parts a sentence where it turns; no report has this character.
_TURN = "\x1f"
_TURNS_FIRST = r"^(?:although|while|whilst|though|despite) ([^,]+), "


def classify(
    texts: Sequence[str], *, asked: Sequence[bool] | None = None, rules: Rules | None = None
) -> pl.DataFrame:
    """What each sentence of ``texts`` says, one row for each, in order.

    ``asked`` is true for a sentence in the report's list of what should be done: whatever its words, it is
    one of concern. Columns: ``text``, ``themes`` (ids, in the order of the rules), ``polarity`` and ``kind``
    (`POLARITIES`, `KINDS`), ``causes`` (ids of the factors named as amiss). Rules, no model: the same
    sentence always gets the same answer.

    >>> said = classify(["Not all assessments are good.", "No child was left waiting."])
    >>> said["polarity"].to_list(), said["themes"].to_list()[0]
    (['concern', 'strength'], ['assessment'])
    """
    using = rules or load_rules()
    frame = _with_polarity(texts, asked, using)
    frame = frame.with_columns(
        themes=_named(using.themes),
        causes=pl.when(pl.col("polarity").is_in(["concern", "mixed"]))
        .then(_named(using.factors))
        .otherwise(pl.lit([], dtype=pl.List(pl.String))),
    ).with_columns(kind=_kind(using))
    return frame.select("text", "themes", "polarity", "kind", "causes")


def polarities(texts: Sequence[str]) -> list[str]:
    """The polarity alone of each sentence, as `classify` has it, in a fraction of the time.

    >>> polarities(["No child was left waiting.", "Plans are weak."])
    ['strength', 'concern']
    """
    return _with_polarity(texts, None, load_rules())["polarity"].to_list()


def _with_polarity(
    texts: Sequence[str], asked: Sequence[bool] | None, rules: Rules
) -> pl.DataFrame:
    told = [False] * len(texts) if asked is None else list(asked)
    frame = pl.DataFrame(
        {"text": list(texts), "asked": told}, schema={"text": pl.String, "asked": pl.Boolean}
    ).with_columns(plain=_plain(pl.col("text")))
    return frame.with_columns(polarity=_polarity(frame, rules.tone))


def _plain(text: pl.Expr) -> pl.Expr:
    """One line in small letters, with plain apostrophes and hyphens: the patterns need only one of each."""
    text = text.str.to_lowercase()
    for pattern, by in ((r"[\u2018\u2019]", "'"), (r"[\u2010\u2011\ufffe]", "-"), (r"\s+", " ")):
        text = text.str.replace_all(pattern, by)
    return text.str.strip_chars()


def _without(text: pl.Expr, pattern: str) -> pl.Expr:
    return text.str.replace_all(pattern, " ") if pattern else text


def _speaks_of(topic: Topic) -> pl.Expr:
    left = _without(pl.col("plain"), topic.unless)
    found = left.str.contains(topic.words)
    return found & left.str.contains(topic.beside) if topic.beside else found


def _named(topics: Sequence[Topic]) -> pl.Expr:
    """The ids of the topics a sentence speaks of, as a list."""
    ids = [pl.when(_speaks_of(topic)).then(pl.lit(topic.id)) for topic in topics]
    return pl.concat_list(ids).list.drop_nulls()


def _polarity(frame: pl.DataFrame, tone: Tone) -> pl.Series:
    """Concern, praise, both (only where the sentence turns) or neither."""
    parts = (
        frame.lazy()
        .select("asked", pl.col("plain").str.replace(_TURNS_FIRST, f"${{1}}{_TURN}").alias("part"))
        .with_row_index("row")
        .with_columns(pl.col("part").str.replace_all(tone.contrast, _TURN).str.split(_TURN))
        .explode("part")
        .with_columns(part=_without(pl.col("part"), tone.neutral))
        .with_columns(left=_without(pl.col("part"), tone.good_negatives))
        .with_columns(
            bad=pl.col("left").str.contains(tone.concern),
            good=pl.col("left").str.contains(tone.praise)
            | pl.col("part").str.contains(tone.good_negatives),
        )
    )
    said = (
        parts.group_by("row", maintain_order=True)
        .agg(
            bad=pl.col("bad").any(), praise=(pl.col("good") & ~pl.col("bad")).any(),
            asked=pl.col("asked").first(),
        )
        .collect()
    )  # fmt: skip
    return said.select(
        pl.when("asked")
        .then(pl.lit("concern"))
        .when(pl.col("bad") & pl.col("praise"))
        .then(pl.lit("mixed"))
        .when("bad")
        .then(pl.lit("concern"))
        .when("praise")
        .then(pl.lit("strength"))
        .otherwise(pl.lit("neither"))
        .alias("polarity")
    ).to_series()


def _kind(rules: Rules) -> pl.Expr:
    """What the sentence states. A factor that is amiss is a cause; "put it right" is a symptom still."""
    text, worried = pl.col("plain"), pl.col("polarity").is_in(["concern", "mixed"])
    done = text.str.contains(rules.remedy)
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
