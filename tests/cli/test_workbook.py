"""The register goes out as a workbook and comes back on the command line."""

from pathlib import Path

import pytest
from tests.cli.conftest import Command

pytestmark = pytest.mark.slow


def test_only_somebody_who_signs_in_takes_a_workbook_out(process: Command, workspace: Path, tmp_path: Path) -> None:
    nobody = process("workbook", "out", tmp_path / "plan.xlsx", "--by", "nobody@example.org", "--workspace", workspace)
    assert nobody.code == 3
    assert "Nobody signs in as nobody@example.org" in nobody.err
    assert not (tmp_path / "plan.xlsx").exists()
