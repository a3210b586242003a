"""The commands, put together under one name."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from upturn import __version__
from upturn.cli import (
    benchmark,
    check,
    demo,
    findings,
    mapping,
    measures,
    national,
    plan,
    quality,
    remedies,
    report,
    rules,
    sample,
    scorecard,
    twin,
    why,
    workload,
)
from upturn.cli.run import run

app = typer.Typer(
    name="upturn",
    help="Who needs us today: read a council's extract, run the statutory clocks, "
    "say who is due what and why.",
    epilog="Start with: upturn demo",
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command(epilog=check.CHECK_EXAMPLES)(check.check)
app.command(epilog=check.CHILD_EXAMPLES)(check.child)
app.command(epilog=quality.EXAMPLES)(quality.quality)
app.command(epilog=findings.FINDINGS_EXAMPLES)(findings.findings)
app.add_typer(findings.app, name="finding")
app.add_typer(rules.app, name="rules")
app.add_typer(mapping.app, name="mapping")
app.command(epilog=scorecard.EXAMPLES)(scorecard.scorecard)
app.add_typer(measures.app, name="measures")
app.add_typer(benchmark.app, name="benchmark")
app.add_typer(national.app, name="national")
app.add_typer(sample.app, name="sample")
app.add_typer(plan.app, name="plan")
app.add_typer(twin.app, name="twin")
app.add_typer(report.app, name="report")
app.command(epilog=workload.EXAMPLES)(workload.workload)
app.command(epilog=why.EXAMPLES)(why.why)
app.command(epilog=remedies.EXAMPLES)(remedies.remedies)
app.add_typer(remedies.app, name="remedy")
app.command(epilog=demo.EXAMPLES)(demo.demo)


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", help="Say the version and stop.", is_eager=True)
    ] = False,
) -> None:
    if version:
        typer.echo(f"upturn {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def main() -> None:
    """Run ``upturn`` on the arguments of this process; see `upturn.cli.run` for how it ends."""
    sys.exit(run(app))
