"""Where replications run: threads of this machine, its processes, or a Dask cluster."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from upturn.records.sheets import SourceError

#: The forms of ``--on``, for help and messages.
FORMS = "threads, processes or dask://HOST:PORT"
#: How often a piece of work is tried again when the worker that had it is lost.
RETRIES = 5
#: Seconds to wait for a cluster to answer.
PATIENCE = 10


@contextmanager
def executor_on(where: str) -> Iterator[Executor]:
    """An executor on threads, processes or the cluster whose scheduler is at ``dask://HOST:PORT``.

    Raises SourceError, in one line, for any other place, for a cluster that does not answer, and when Dask
    is not installed.

    >>> with executor_on("threads") as pool:
    ...     pool.submit(int, "3").result()
    3
    """
    if where == "threads":
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            yield pool
    elif where == "processes":
        with _processes() as processes:
            yield processes
    elif where.startswith("dask://") and len(where) > len("dask://"):
        with _cluster(where.removeprefix("dask://")) as cluster:
            yield cluster
    else:
        raise SourceError(f"{where!r} is not a place to run on; there are {FORMS}")


def _processes() -> ProcessPoolExecutor:
    import multiprocessing

    # Threads of this process may hold locks that a forked one would wait for for ever.
    return ProcessPoolExecutor(os.cpu_count(), mp_context=multiprocessing.get_context("spawn"))


@contextmanager
def _cluster(address: str) -> Iterator[Executor]:
    try:
        from distributed import Client
    except ImportError:
        raise SourceError("to run on a cluster install Upturn with the extra 'dask'") from None
    try:
        made: Any = Client  # it has no types
        client = made(f"tcp://{address}", timeout=PATIENCE, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise SourceError(
            f"no Dask scheduler answers at {address} ({type(error).__name__})"
        ) from None
    try:
        yield client.get_executor(retries=RETRIES)
    finally:
        client.close()
