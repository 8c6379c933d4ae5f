"""`bestvalue serve`: the site of a workspace comes up, and Ctrl+C takes it and its worker down."""

import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from tests.cli.conftest import Command, as_process, surroundings


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
    return port


def answers(address: str, *, within_seconds: float) -> int:
    """The status that the site answers with; the connection is tried until then."""
    until = time.monotonic() + within_seconds
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 - our own address
                status: int = answer.status
                return status
        except (urllib.error.URLError, TimeoutError):  # it does not listen yet, or is slow to answer first
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


@pytest.mark.slow
def test_the_site_of_a_new_workspace_answers_until_ctrl_c(process: Command, tmp_path: Path) -> None:
    assert process("new", tmp_path / "review").code == 0
    port = free_port()
    words = as_process(["serve", "--port", str(port)])
    with subprocess.Popen(words, cwd=tmp_path / "review", env=surroundings(), stdout=subprocess.PIPE, text=True) as serving:  # noqa: S603 - ours
        try:
            assert answers(f"http://127.0.0.1:{port}/", within_seconds=60) == 200
        finally:
            serving.send_signal(signal.SIGINT)
            out, _ = serving.communicate(timeout=60)
    assert f"http://127.0.0.1:{port}" in out
    with pytest.raises(urllib.error.URLError):
        answers(f"http://127.0.0.1:{port}/", within_seconds=0)


def test_serving_outside_a_workspace_ends_with_3(process: Command, tmp_path: Path) -> None:
    ended = process("serve", cwd=tmp_path)
    assert (ended.code, ended.out) == (3, "")
