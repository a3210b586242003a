"""The workload as one page that needs nothing but itself: teams, never a worker's name."""

from __future__ import annotations

from markupsafe import Markup

from upturn.render import workload_draw as draw
from upturn.render import workload_words as words
from upturn.render.page import environment, policy_hash, static
from upturn.render.summary import casebook_provenance
from upturn.render.words import weekday
from upturn.workload.delay.model import ASSOCIATION
from upturn.workload.result import Workload


def workload_html(found: Workload) -> str:
    """The whole page. Names of workers are never on it."""
    style = static(".css") + "\n" + static("workload.css", "templates")
    policy = (
        "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; "
        f"style-src '{policy_hash(style)}'"
    )
    counts = found.changes["workers"].value_counts().sort("workers").rows()
    return environment().get_template("workload.html.j2").render(
        found=found,
        casebook=found.casebook,
        workforce=found.workforce,
        facts=casebook_provenance(found.casebook),
        as_at=weekday(found.as_at),
        told=found.told,
        because=found.because,
        tiles=words.tiles(found),
        children_words=words.spread_words(found.children, "children"),
        load_words=words.spread_words(found.load, "per cent"),
        teams=words.team_rows(found),
        fewest=words.FEWEST_WORKERS,
        figure=words.figure,
        history=words.history_words(found),
        months=found.months.to_dicts(),
        worker_counts=counts,
        posts=words.posts_words(found),
        post_months=found.post_months.to_dicts(),
        association=ASSOCIATION,
        delays=found.delays,
        scheme=words.scheme_words(found),
        notes=found.notes,
        strips=draw.strips(found),
        months_picture=draw.load_over_time(found),
        posts_picture=draw.posts_over_time(found),
        delay_picture=draw.what_load_does(found),
        policy=policy,
        style=Markup(style),
    )  # fmt: skip
