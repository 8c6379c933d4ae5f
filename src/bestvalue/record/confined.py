"""Reading a stranger's file in a process of its own, which may use so much memory and so much time and is then ended.

A file may be made to harm: a few kilobytes that unpack to gigabytes, XML a million levels deep, a PDF whose pages lead round in a circle.
Each reader refuses what it knows of; this holds what none of them knows of. Whatever the file does, the server goes on, and whoever brought
the file is told at its field.

The child has the same rights as the server, but none of its secrets. What it may use is the setting `[uploads]` of the workspace.
"""

import contextlib
import io
import logging
import os
import pickle
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, ParamSpec, TypeVar

from bestvalue.errors import BestValueError

logger = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

MOST_RESULT_BYTES = 256 * 1024 * 1024
"""What a child may hand back: the server has to hold it."""
FIELD = "file"
SECRETS = ("BESTVALUE_SITE_KEY", "BESTVALUE_LEDGER_KEY", "DATABASE_URL")
_OUT_OF_MEMORY = 71
SMALLER = "Bring a smaller part of it, or save it anew from its program: a damaged file can be the cause."


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """What the reading of one file may use.

    Args:
        seconds: of the clock, and of the processor.
        memory_mb: of address space, in megabytes.
    """

    seconds: float
    memory_mb: int


def confined(function: Callable[P, T], bounds: Bounds, /, *args: P.args, **options: P.kwargs) -> T:
    """Call a function of a module in a process of its own, and hand back what it returns.

    Args:
        function: a function at the top of a module that needs no Django; its arguments and its result are pickled.
        bounds: what it may use.
        args: its arguments.
        options: its keyword arguments.

    Raises:
        BestValueError: what the function raised; or it used more than it may, or failed on the file: `where` is then "file".

    Example:
        >>> import math
        >>> confined(math.gcd, Bounds(seconds=20, memory_mb=1024), 12, 18)
        6
    """
    asked = pickle.dumps((function.__module__, function.__qualname__, bounds, args, options))
    # Files, not pipes: nobody has to read while the other writes, and how much came back is known before any of it is in memory.
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as answer, tempfile.TemporaryFile() as said:
        given.write(asked)
        given.seek(0)
        words = [sys.executable, "-m", "bestvalue.record.confined"]
        child = subprocess.Popen(words, stdin=given, stdout=answer, stderr=said, env=_surroundings())  # noqa: S603 - ourselves
        try:
            ended = child.wait(timeout=bounds.seconds)
        except subprocess.TimeoutExpired as late:
            raise _too_long(bounds) from late
        finally:
            child.kill()
            child.wait()
        if ended != 0 or answer.tell() == 0:
            raise _ended(ended, bounds, said=_last_words(said))
        if answer.tell() > MOST_RESULT_BYTES:
            raise BestValueError("The file holds more than the site can take in", where=FIELD, next_step=SMALLER)
        answer.seek(0)
        told: T = _told(pickle.load(answer))  # noqa: S301 - written by our own child
        return told


def _told(answer: tuple[str, Any]) -> Any:
    kind, said = answer
    if kind == "raised":
        raise said
    if kind == "bug":
        logger.error("A reader failed on a file:\n%s", said)
        raise BestValueError("The file cannot be read: its reader failed on it", where=FIELD, next_step=SMALLER)
    return said


def _surroundings() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in SECRETS}
    # The memory of each thread counts whether it is used or not, and one file is read by one.
    return {**kept, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "POLARS_MAX_THREADS": "2", "PYTHONPATH": os.pathsep.join(sys.path)}


def _too_long(bounds: Bounds) -> BestValueError:
    return BestValueError(f"The file takes longer than {bounds.seconds:g} seconds to read", where=FIELD, next_step=SMALLER)


def _ended(code: int, bounds: Bounds, *, said: str) -> BestValueError:
    if code == -getattr(signal, "SIGXCPU", 0):
        return _too_long(bounds)
    logger.warning("The reader of a file ended with %s: %s", code, said)
    if code == _OUT_OF_MEMORY:
        return BestValueError(f"The file takes more than {bounds.memory_mb:,} MB of memory to read", where=FIELD, next_step=SMALLER)
    return BestValueError("The file cannot be read: its reader ran out of memory or failed on it", where=FIELD, next_step=SMALLER)


def _last_words(said: Any) -> str:
    said.seek(max(0, said.seek(0, io.SEEK_END) - 2_000))
    return str(said.read().decode("utf-8", errors="replace"))


def _serve() -> None:
    """The child: read the question, keep to the bounds, answer."""
    # Whatever a library prints must not get between the answer.
    answer = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    module, name, bounds, args, options = pickle.load(sys.stdin.buffer)  # noqa: S301 - written by our own parent
    _keep_to(bounds)
    reply: tuple[str, Any]
    try:
        function: Any = import_module(module)
        for part in name.split("."):
            function = getattr(function, part)
        reply = ("returned", function(*args, **options))
        written = pickle.dumps(reply)
    except MemoryError:
        os._exit(_OUT_OF_MEMORY)  # without tidying up: that takes memory too
    except BestValueError as refused:
        written = pickle.dumps(("raised", refused))
    except BaseException:  # noqa: BLE001 - whatever a stranger's file does to its reader is told, and ends here
        written = pickle.dumps(("bug", traceback.format_exc(limit=-20)))
    answer.write(written)
    answer.flush()
    os._exit(0)


def _keep_to(bounds: Bounds) -> None:
    try:
        import resource  # noqa: PLC0415 - of the child alone, and not on every system
    except ImportError:  # a system without such limits: there the clock alone ends it
        return
    seconds = max(1, int(bounds.seconds))
    size = bounds.memory_mb * 1024 * 1024
    # Where both bounds of the processor are one, the system kills before it says why.
    for what, most, never in ((resource.RLIMIT_CPU, seconds, seconds + 5), (resource.RLIMIT_AS, size, size), (resource.RLIMIT_CORE, 0, 0)):
        with contextlib.suppress(ValueError, OSError):  # a bound below ours is in force already
            resource.setrlimit(what, (most, never))


if __name__ == "__main__":
    _serve()
