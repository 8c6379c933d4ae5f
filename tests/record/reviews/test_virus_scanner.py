"""The scanner is asked as its protocol says, and whatever is no clear answer is a failure, never "clean"."""

import stat
from pathlib import Path

import pytest
from pydantic import ValidationError
from tests.clamd import EICAR, Server, clamd

from bestvalue.errors import WorkspaceError
from bestvalue.record.reviews.virus_scanner import CHUNK_BYTES, scan, signatures
from bestvalue.workspace import ScannerSetting


def file_with(folder: Path, content: bytes) -> Path:
    path = folder / "kept"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("tcp", [False, True], ids=["unix socket", "tcp"])
def test_clamd_is_sent_the_whole_file_in_chunks_and_its_word_is_taken(tmp_path: Path, *, tcp: bool) -> None:
    sent = bytes(range(256)) * (CHUNK_BYTES // 100)  # more than two chunks, and no whole number of them
    with clamd(tmp_path, tcp=tcp) as (server, address):
        setting = ScannerSetting(clamd=address)
        clean = scan(file_with(tmp_path, sent), with_=setting)
        infected = scan(file_with(tmp_path, b"minutes " + EICAR.encode()), with_=setting)
    assert server.scanned[0] == sent
    assert (clean.clean, clean.says, clean.scanner) == (True, "", Server.version)
    assert (infected.clean, infected.says) == (False, "Win.Test.EICAR_HDB-1")


def test_a_file_that_is_too_large_for_clamd_is_not_clean(tmp_path: Path) -> None:
    with clamd(tmp_path) as (server, address):
        server.most = 100
        with pytest.raises(WorkspaceError, match="size limit exceeded"):
            scan(file_with(tmp_path, b"0" * 3_000_000), with_=ScannerSetting(clamd=address))


def test_a_clamd_that_is_silent_is_given_up_on(tmp_path: Path) -> None:
    with clamd(tmp_path) as (server, address):
        server.silent.set()
        with pytest.raises(WorkspaceError, match=r"timed out|did not answer within") as failed:
            scan(file_with(tmp_path, b"minutes"), with_=ScannerSetting(clamd=address, timeout_seconds=0.3))
    assert "bestvalue scan" in failed.value.next_step


@pytest.mark.parametrize("address", ["nowhere.ctl", "127.0.0.1:1"])
def test_a_clamd_that_is_not_there_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(WorkspaceError, match="did not answer clearly"):
        signatures(ScannerSetting(clamd=address))


def script(folder: Path, body: str) -> str:
    path = folder / "scanner"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


LIKE_CLAMDSCAN = 'if grep -q EICAR-STANDARD "${1:--}"; then echo "$1: Eicar-Test-Signature FOUND"; exit 1; fi; echo OK; exit 0'


@pytest.mark.parametrize("words", [(), ("{file}",)], ids=["standard input", "path"])
def test_a_command_is_believed_by_what_it_ends_with(tmp_path: Path, words: tuple[str, ...]) -> None:
    setting = ScannerSetting(command=(script(tmp_path, LIKE_CLAMDSCAN), *words))
    assert scan(file_with(tmp_path, b"minutes"), with_=setting).clean
    infected = scan(file_with(tmp_path, EICAR.encode()), with_=setting)
    assert not infected.clean
    assert "Eicar-Test-Signature" in infected.says
    assert str(tmp_path) not in infected.says


@pytest.mark.parametrize(
    ("body", "why"),
    [("echo 'no database' >&2; exit 2", "ended with 2: no database"), ("exec sleep 20", r"did not answer within 0\.3 seconds")],
)
def test_a_command_that_fails_or_takes_too_long_is_no_answer(tmp_path: Path, body: str, why: str) -> None:
    setting = ScannerSetting(command=(script(tmp_path, body),), timeout_seconds=0.3)
    with pytest.raises(WorkspaceError, match=why):
        scan(file_with(tmp_path, b"minutes"), with_=setting)


def test_a_command_that_is_missing_is_no_answer(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="No such file"):
        scan(file_with(tmp_path, b"minutes"), with_=ScannerSetting(command=(str(tmp_path / "absent"),)))


def test_a_command_says_which_signatures_it_has(tmp_path: Path) -> None:
    setting = ScannerSetting(command=("true",), version_command=(script(tmp_path, "echo ClamAV 1.4.2/27500"),))
    assert signatures(setting) == "ClamAV 1.4.2/27500"


@pytest.mark.parametrize("said", [{}, {"clamd": "/run/clamd.ctl", "command": ("clamscan",)}])
def test_a_scanner_is_a_socket_or_a_command_and_not_both(said: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="either clamd"):
        ScannerSetting.model_validate(said)
