"""Compiled code is kept where this account can write, also when the package and the home folder are not such places."""

import os
import stat
from pathlib import Path

import numba
import pytest
from numba.core import config

from bestvalue.analysis import compiled as module


def test_where_no_folder_can_be_written_code_is_kept_in_one_of_the_accounts_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    really = numba.njit
    monkeypatch.setattr(module.tempfile, "gettempdir", lambda: str(tmp_path))
    monkeypatch.setenv("NUMBA_CACHE_DIR", "")

    def njit(*direct: object, **options: object) -> object:
        if direct:
            return really(*direct)

        def compile_it(function: object) -> object:
            if not config.CACHE_DIR:
                raise RuntimeError("cannot cache function: no locator available")  # as numba says it
            return really(**options)(function)

        return compile_it

    monkeypatch.setattr(module.numba, "njit", njit)
    config.reload_config()
    try:
        double = module.compiled(_double)
        assert double(21) == 42
        kept = list(tmp_path.rglob("*.nbi"))
    finally:
        monkeypatch.undo()
        config.reload_config()
    assert len(kept) == 1
    folder = next(tmp_path.iterdir())
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert folder.stat().st_uid == os.getuid()


def test_a_folder_that_others_can_write_is_not_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(module.tempfile, "gettempdir", lambda: str(tmp_path))
    monkeypatch.setattr(module.tempfile, "mkdtemp", lambda prefix: str(tmp_path / f"{prefix}fresh"))
    planted = tmp_path / f"bestvalue-compiled-{os.getuid()}"
    planted.mkdir()
    planted.chmod(0o777)
    assert module._own_temporary_folder() == tmp_path / "bestvalue-compiled-fresh"


def _double(number: int) -> int:
    return 2 * number
