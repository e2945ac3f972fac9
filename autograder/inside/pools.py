"""Pools of threads and processes in a copy of a state: their workers don't survive a fork, so they get new ones.

Without that a function which uses a pool of another cell would wait for ever.
"""

from __future__ import annotations

import functools
import gc
import sys
from typing import Any


def revive() -> None:
    """Gives all pools of this process new workers as soon as they are used: to be called in a fresh fork."""
    if not _has_any():
        return
    kinds: tuple[Any, ...] = tuple(
        getattr(sys.modules[module], name)
        for module, name in (
            ("concurrent.futures.thread", "ThreadPoolExecutor"),
            ("concurrent.futures.process", "ProcessPoolExecutor"),
            ("multiprocessing.pool", "Pool"),
        )
        if module in sys.modules
    )
    for thing in gc.get_objects():
        kind = next((kind for kind in kinds if issubclass(type(thing), kind)), None)
        if kind is not None and not (getattr(thing, "_shutdown", False) or getattr(thing, "_shutdown_thread", False)):
            _revive(thing, kind.__name__)


def _has_any() -> bool:
    """Whether there is a pool that has worked; looking for them takes a while."""
    threads = getattr(sys.modules.get("concurrent.futures.thread"), "_threads_queues", ())
    managers = getattr(sys.modules.get("concurrent.futures.process"), "_threads_wakeups", ())
    finalizers = getattr(sys.modules.get("multiprocessing.util"), "_finalizer_registry", {})
    return bool(threads or managers) or any("_terminate_pool" in str(getattr(entry, "_callback", "")) for entry in finalizers.values())


def _revive(pool: Any, kind: str) -> None:
    try:
        if kind == "ThreadPoolExecutor":
            type(pool).__init__(pool, pool._max_workers, "", pool._initializer, pool._initargs)
        elif kind == "ProcessPoolExecutor":
            type(pool).__init__(pool, pool._max_workers, pool._mp_context, pool._initializer, pool._initargs)
        elif pool._state == "RUN":
            pool._check_running = functools.partial(_begin_again, pool)  # every use of it asks this first
    except Exception:  # a kind of the student's own: its use fails as it may
        return


def _begin_again(pool: Any) -> None:
    """Starts a pool's workers anew."""
    del pool._check_running
    names = ("_initializer", "_initargs", "_maxtasksperchild")
    more = {name.lstrip("_"): getattr(pool, name) for name in names if hasattr(pool, name) and type(pool).__name__ == "Pool"}
    type(pool).__init__(pool, pool._processes, **more)
