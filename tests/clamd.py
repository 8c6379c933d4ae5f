"""A small clamd: a server that speaks its protocol on a real socket, and finds the test string that every scanner finds."""

import socket
import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

EICAR = "".join((r"X5O!P%@AP[4\PZX54(P^)7CC)7}$", "EICAR-STANDARD-ANTIVIRUS-", "TEST-FILE!$H+H*"))
"""Put together here, so that no file of the project sets off a scanner. It is harmless: eicar.org."""


class Answers(socketserver.StreamRequestHandler):
    """One connection: a command that ends with a zero byte, and its reply."""

    server: "Server"

    def handle(self) -> None:
        command = self._until_zero()
        if command == b"zVERSION":
            self.wfile.write(self.server.version.encode() + b"\0")
        elif command == b"zINSTREAM":
            self._scan()
        else:
            self.wfile.write(b"UNKNOWN COMMAND\0")

    def _until_zero(self) -> bytes:
        said = b""
        while (byte := self.rfile.read(1)) not in (b"\0", b""):
            said += byte
        return said

    def _scan(self) -> None:
        content = b""
        while (length := struct.unpack("!I", self.rfile.read(4))[0]) > 0:
            content += self.rfile.read(length)
            if len(content) > self.server.most:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.server.scanned.append(content)
        if self.server.silent.is_set():
            self.server.over.wait(30)
            return
        self.wfile.write(b"stream: Win.Test.EICAR_HDB-1 FOUND\0" if EICAR.encode() in content else b"stream: OK\0")


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """The server of a test; what it scanned is kept for the test to look at."""

    daemon_threads = True
    version = "ClamAV 1.4.2/27500/Mon Nov 23 09:00:00 2026"
    most = 10_000_000

    def __init__(self, *args: Any) -> None:
        self.scanned: list[bytes] = []
        self.silent, self.over = threading.Event(), threading.Event()
        super().__init__(*args)


class TcpServer(Server):
    """The same on a TCP port of this machine."""

    address_family = socket.AF_INET


@contextmanager
def clamd(folder: Path, *, tcp: bool = False) -> Iterator[tuple[Server, str]]:
    """A clamd that listens; gives the server, and its address as the settings name it."""
    server = TcpServer(("127.0.0.1", 0), Answers) if tcp else Server(str(folder / "clamd.ctl"), Answers)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server, f"127.0.0.1:{server.server_address[1]}" if tcp else str(folder / "clamd.ctl")
    finally:
        server.over.set()
        server.shutdown()
        server.server_close()
        thread.join()
