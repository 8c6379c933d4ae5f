"""The demo's sign-ins: one for each role, with passphrases made for this workspace and kept beside it."""

import os
import secrets
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bestvalue.workspace import Workspace

FILE = "demo-sign-ins.txt"
LETTERS = "abcdefghjkmnpqrstuvwxyz"
"""Small letters that no one takes for another or for a digit: no i, l or o."""


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """An e-mail address and its passphrase."""

    email: str
    password: str


def sign_ins_for(workspace: Workspace, names: Iterable[str]) -> Mapping[str, SignIn]:
    """A sign-in for each name. Those that an earlier run made are read from the workspace; new ones are added to the file.

    The file is readable by its owner alone, and written before the record, so that no passphrase is ever lost.
    """
    path = workspace.root / FILE
    kept: dict[str, str] = tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    emails = {name: f"{name.lower().replace(' ', '.')}@demo.example" for name in names}
    passwords = {email: kept.get(email) or _passphrase() for email in emails.values()}
    if passwords != kept:
        _write(path, passwords)
    return {name: SignIn(email=email, password=passwords[email]) for name, email in emails.items()}


def _passphrase() -> str:
    # Four groups of five of 23 letters: 90 bits, and still readable over a shoulder.
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(5)) for _ in range(4))


def _write(path: Path, passwords: Mapping[str, str]) -> None:
    text = "# Sign-ins of the demo: e-mail address and passphrase.\n" + "".join(
        f'"{email}" = "{word}"\n' for email, word in passwords.items()
    )
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
