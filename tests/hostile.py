"""What a file can do to its reader, as functions that a child process can be asked to call."""

import ctypes
import os

from bestvalue.errors import TableError


def spin() -> None:
    while True:
        pass


def wait() -> None:
    import time

    time.sleep(60)


def eat() -> int:
    return len(bytearray(2_000_000_000))


def crash() -> int:
    return ctypes.string_at(0)[0]


def refuse(what: str) -> None:
    raise TableError(what, where="a.csv", next_step="Bring another.")


def fail() -> None:
    raise ZeroDivisionError("in the middle of a file")


def print_and_answer(word: str, *, times: int) -> list[str]:
    print("a library that prints")  # noqa: T201
    os.write(1, b"and one that writes")
    return [word] * times


def surroundings() -> list[str]:
    return sorted(os.environ)
