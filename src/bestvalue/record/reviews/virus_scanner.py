"""Does a scanner find a virus in this file? Asked of a clamd on its socket, or of a command; whatever is not a clear answer is a failure.

The protocol of clamd: docs.clamav.net, ClamD Protocol. A command begins with `z` and ends with a zero byte, and so does the reply. INSTREAM
is followed by chunks, each after its length as four bytes in network order, and by a length of nothing. The file's name is not sent.
"""

import socket
import struct
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from bestvalue.errors import WorkspaceError
from bestvalue.workspace import ScannerSetting

CHUNK_BYTES = 256 * 1024
MOST_REPLY_BYTES = 4_096
CLEAN, INFECTED = 0, 1
"""What a command ends with, as clamscan and clamdscan do."""
WHAT_TO_DO = "The file stays closed. See that the scanner of bestvalue.toml runs, then type: bestvalue scan"


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a scanner says of a file.

    Args:
        clean: it found nothing.
        says: what it found, in its own words; empty when it found nothing.
        scanner: the scanner with its signatures, "ClamAV 1.4.2/27500/Mon Nov 23 2026".
    """

    clean: bool
    says: str
    scanner: str


def scan(path: Path, *, with_: ScannerSetting) -> Verdict:
    """Have a file scanned.

    Raises:
        WorkspaceError: the scanner cannot be reached, takes too long, or gives no clear answer: the file is neither clean nor infected.
    """
    scanner = signatures(with_)  # before the scan: signatures that arrive in the middle of it count the next time
    clean, says = _by_clamd(path, with_) if with_.clamd else _by_command(path, with_)
    return Verdict(clean=clean, says=says, scanner=scanner)


def signatures(scanner: ScannerSetting) -> str:
    """Which scanner it is and which signatures it has; also the question whether it is there at all.

    Raises:
        WorkspaceError: it cannot be reached.
    """
    if scanner.clamd:
        with _connected(scanner) as line:
            line.sendall(b"zVERSION\0")
            return _reply(line, scanner)
    if not scanner.version_command:
        return scanner.command[0]
    ran = _run(list(scanner.version_command), scanner, stdin=None)
    if ran.returncode != 0:
        raise _failed(scanner, f"ended with {ran.returncode} when asked for its version")
    return _words(ran.stdout)[:200]


def _by_clamd(path: Path, scanner: ScannerSetting) -> tuple[bool, str]:
    with _connected(scanner) as line, path.open("rb") as file:
        ends_at = time.monotonic() + scanner.timeout_seconds
        try:
            line.sendall(b"zINSTREAM\0")
            while chunk := file.read(CHUNK_BYTES):
                _check_time(ends_at, scanner)
                line.sendall(struct.pack("!I", len(chunk)) + chunk)
            line.sendall(struct.pack("!I", 0))
        except (BrokenPipeError, ConnectionResetError):
            pass  # it has had enough, of a file that is too large for it, and says so
        except OSError as broken:
            raise _failed(scanner, str(broken) or type(broken).__name__) from broken
        reply = _reply(line, scanner)
    said = reply.removeprefix("stream:").strip()
    if said == "OK":
        return True, ""
    if said.endswith(" FOUND"):
        return False, said.removesuffix(" FOUND")
    raise _failed(scanner, f"answered {reply[:200]!r}")


def _connected(scanner: ScannerSetting) -> socket.socket:
    host, colon, port = scanner.clamd.rpartition(":")
    is_path = scanner.clamd.startswith("/") or not (colon and port.isdecimal())
    line = socket.socket(socket.AF_UNIX) if is_path else None
    try:
        if line is None:
            return socket.create_connection((host.strip("[]"), int(port)), timeout=scanner.timeout_seconds)
        line.settimeout(scanner.timeout_seconds)
        line.connect(scanner.clamd)
    except OSError as unreachable:
        if line is not None:
            line.close()
        raise _failed(scanner, str(unreachable) or type(unreachable).__name__) from unreachable
    return line


def _reply(line: socket.socket, scanner: ScannerSetting) -> str:
    ends_at = time.monotonic() + scanner.timeout_seconds
    said = b""
    try:
        while not said.endswith(b"\0") and len(said) < MOST_REPLY_BYTES:
            _check_time(ends_at, scanner)
            if not (more := line.recv(MOST_REPLY_BYTES)):
                break
            said += more
    except OSError as broken:
        raise _failed(scanner, str(broken) or type(broken).__name__) from broken
    if not said.endswith(b"\0"):
        raise _failed(scanner, "broke off its answer")
    return _words(said)


def _check_time(ends_at: float, scanner: ScannerSetting) -> None:
    if time.monotonic() > ends_at:
        raise _failed(scanner, f"did not answer within {scanner.timeout_seconds:g} seconds")


def _by_command(path: Path, scanner: ScannerSetting) -> tuple[bool, str]:
    words = [str(path) if word == "{file}" else word for word in scanner.command]
    ran = _run(words, scanner, stdin=None if "{file}" in scanner.command else path)
    if ran.returncode == CLEAN:
        return True, ""
    # The command may name the file by its path, which is nobody's business.
    said = _words(ran.stdout).replace(str(path), "the file")[:200]
    if ran.returncode == INFECTED:
        return False, said or "a virus"
    raise _failed(scanner, f"ended with {ran.returncode}: {said or _words(ran.stderr).replace(str(path), 'the file')[:200]}")


def _run(words: list[str], scanner: ScannerSetting, *, stdin: Path | None) -> subprocess.CompletedProcess[bytes]:
    try:
        if stdin is None:
            return _ended(words, scanner, subprocess.DEVNULL)
        with stdin.open("rb") as file:
            return _ended(words, scanner, file.fileno())
    except subprocess.TimeoutExpired as late:
        raise _failed(scanner, f"did not answer within {scanner.timeout_seconds:g} seconds") from late
    except OSError as missing:
        raise _failed(scanner, str(missing)) from missing


def _ended(words: list[str], scanner: ScannerSetting, stdin: int) -> subprocess.CompletedProcess[bytes]:
    # The words stand in bestvalue.toml, which only the operator writes; no shell reads them.
    return subprocess.run(words, stdin=stdin, capture_output=True, timeout=scanner.timeout_seconds, check=False)  # noqa: S603


def _words(said: bytes) -> str:
    return " ".join(said.replace(b"\0", b" ").decode("utf-8", errors="replace").split())


def _failed(scanner: ScannerSetting, why: str) -> WorkspaceError:
    return WorkspaceError(f"The scanner did not answer clearly: {why}", where=scanner.clamd or scanner.command[0], next_step=WHAT_TO_DO)
