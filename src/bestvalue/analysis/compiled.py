"""Which functions are compiled, and where is the machine code kept?

numba keeps compiled code beside the source, or else in the user's cache folder. An installed package may be read-only and a service's
account may have no home; then the import would fail, so the code goes to a folder of the account's own under the temporary folder.
"""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from numba.core import config

Compiled = TypeVar("Compiled", bound=Callable[..., Any])


def compiled(function: Compiled) -> Compiled:
    """Compile with numba on the first call, keep the result on disk, and let other threads run meanwhile.

    Integer division and floats behave as numpy's (no exception is raised on a division by zero), and nothing is reordered or fused:
    the same bits on every machine.
    """
    compile_it = numba.njit(nogil=True, cache=True, error_model="numpy")
    try:
        return cast(Compiled, compile_it(function))
    except RuntimeError:  # numba: "no locator available": neither the source's folder nor the user's cache can be written
        os.environ["NUMBA_CACHE_DIR"] = str(_own_temporary_folder())
        config.reload_config()  # type: ignore[no-untyped-call]  # numba gives it no types
        return cast(Compiled, compile_it(function))


def _own_temporary_folder() -> Path:
    """A folder that only this account can write: what lies in it is run as code."""
    name = f"bestvalue-compiled-{os.getuid()}" if hasattr(os, "getuid") else "bestvalue-compiled"
    folder = Path(tempfile.gettempdir()) / name
    folder.mkdir(mode=0o700, exist_ok=True)
    if hasattr(os, "getuid") and (folder.is_symlink() or folder.stat().st_uid != os.getuid() or folder.stat().st_mode & 0o022):
        return Path(tempfile.mkdtemp(prefix="bestvalue-compiled-"))
    return folder
