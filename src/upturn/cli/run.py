"""Running the command line and ending it: every exit code and every line of complaint is decided here.

One rule: what the user gave us and we cannot use ends in one line and exit 2; what is our own fault ends
in one line and exit 1, with the trace for whoever asks for it; nobody sees a stack trace by surprise.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence

import typer

from upturn.cli.screen import PipeClosed

OK, BUG, UNUSABLE, INTERRUPTED, PIPE_CLOSED = 0, 1, 2, 130, 141


def run(app: typer.Typer) -> int:
    """Run ``app`` on the arguments of this process and return its exit code."""
    _forgive_terminal()
    try:
        code = app(standalone_mode=False)
        sys.stdout.flush()
    except (PipeClosed, BrokenPipeError):
        return _end_quietly()
    except KeyboardInterrupt:
        return INTERRUPTED
    except typer.Abort:
        return INTERRUPTED
    except typer.TyperException as error:
        return _say(_usage(error), UNUSABLE)
    except Exception as error:  # the last net: a trace is for developers, a line is for everyone
        return _explain(error)
    return code if isinstance(code, int) else OK


def _explain(error: Exception) -> int:
    if os.environ.get("UPTURN_DEBUG"):
        traceback.print_exc()
    if _is_about_the_input(error):
        return _say(_first_of(error), UNUSABLE)
    what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return _say(f"unexpected fault, not yours ({what}); UPTURN_DEBUG=1 shows the trace", BUG)


def _is_about_the_input(error: Exception) -> bool:
    # Imported here because the rooms they live in are slow to load and rarely needed.
    from upturn import OutputError, RulebookError, SourceError

    return isinstance(error, (SourceError, RulebookError, OutputError))


def _first_of(error: Exception) -> str:
    # A file of rules, or of any other kind, may have many faults; one line has room for the first.
    faults: Sequence[str] = getattr(error, "faults", ())
    if len(faults) < 2:
        return str(error)
    more = f"and {len(faults) - 1} more"
    if any(
        word.startswith("--overlay") for word in sys.argv
    ):  # the one kind that can be checked alone
        more += ": upturn rules check FILE says them all"
    return f"{faults[0]} ({more})"


def _usage(error: typer.TyperException) -> str:
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "upturn"
    param = getattr(error, "param", None)
    instead = getattr(param, "envvar", None)
    message = error.format_message().rstrip(".").replace("Value error, ", "")
    if message.startswith("Missing option") and (means := getattr(param, "help", "")):
        message = f"{message}: {means[0].lower()}{means[1:].rstrip('.')}"
    return f"{message}{f' (or set {instead})' if instead else ''}. See: {path} --help"


def _say(message: str, code: int) -> int:
    sys.stderr.write(f"upturn: {' '.join(message.split())}\n")
    return code


def _end_quietly() -> int:
    # Whoever was reading has gone. Python would complain again on its way out, so stdout goes nowhere.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return PIPE_CLOSED


def _forgive_terminal() -> None:
    # A terminal or pipe that cannot show a character gets a question mark, not a crash.
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
