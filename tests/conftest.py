import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real published data that we develop and test on; the product never depends on it."""
    folder = Path(os.environ.get("BESTVALUE_SHARED", REPOSITORY.parent / "shared"))
    if not (folder / "data").is_dir():
        pytest.skip(f"the published data are absent: set BESTVALUE_SHARED to the folder that holds them (looked in {folder})")
    return folder
