"""Drives the browser of browser.mjs from a test: a page with the words of whoever uses it (click, fill, press)."""

import json
import subprocess
from itertools import count
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


class BrowserFault(AssertionError):
    """The browser could not do what the test asked: the link is not there, the page did not come."""


class Browser:
    """One Chromium; each page it opens is a person's own, without the cookies of the others."""

    def __init__(self) -> None:
        # Diagnostics of Chromium go to our own standard error, where pytest shows them beside the failure.
        node = ["node", HERE / "browser.mjs"]
        self._process = subprocess.Popen(node, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own script
        self._numbers = count(1)

    def open(self, home: str, *, script: bool = True, width: int = 1280, session: str = "") -> "Page":
        """A page of whoever owns the session (nobody when it is empty)."""
        number = next(self._numbers)
        cookies = [{"name": "sessionid", "value": session, "url": home}] if session else []
        self.do("open", page=number, script=script, width=width, cookies=cookies)
        return Page(self, number, home)

    def do(self, instruction: str, **options: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"do": instruction, **options}) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline() or '{"error": "the browser ended"}')
        if "error" in answer:
            raise BrowserFault(f"{instruction} {options}: {answer['error']}")
        return answer["answer"]

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(timeout=20)
        self._process.stdout.close()


class Page:
    """One page in the browser."""

    def __init__(self, browser: Browser, number: int, home: str) -> None:
        self._browser, self._number, self._home = browser, number, home

    def _do(self, instruction: str, **options: Any) -> Any:
        return self._browser.do(instruction, page=self._number, **options)

    def go(self, path: str) -> int:
        """Open an address of the site; the status of its answer."""
        return int(self._do("goto", address=f"{self._home}{path}"))

    @property
    def path(self) -> str:
        """Where it is, from the first slash on."""
        return str(self._do("address")).removeprefix(self._home)

    @property
    def title(self) -> str:
        return str(self._do("title"))

    @property
    def heading(self) -> str:
        return self.text("h1")

    def text(self, selector: str = "main") -> str:
        return str(self._do("text", selector=selector))

    def texts(self, selector: str) -> list[str]:
        return list(self._do("texts", selector=selector))

    def attribute(self, selector: str, attribute: str) -> str | None:
        found = self._do("attribute", selector=selector, attribute=attribute)
        return None if found is None else str(found)

    def click(self, name: str, *, role: str = "link", exact: bool = False) -> None:
        self._do("click", role=role, name=name, exact=exact)

    def press_button(self, name: str) -> None:
        self.click(name, role="button")

    def offers(self, name: str, *, role: str = "link") -> bool:
        return int(self._do("count", role=role, name=name)) > 0

    def fill(self, label: str, text: str) -> None:
        self._do("fill", label=label, text=text)

    def check(self, label: str, *, exact: bool = False, on: bool = True) -> None:
        self._do("check", label=label, exact=exact, on=on)

    def choose(self, label: str, option: str) -> None:
        self._do("choose", label=label, option=option)

    def attach(self, label: str, *files: Path) -> None:
        self._do("attach", label=label, files=[str(file) for file in files])

    def press(self, key: str) -> None:
        self._do("press", key=key)

    def type(self, text: str) -> None:
        self._do("type", text=text)

    def wait_for(self, text: str) -> None:
        self._do("wait", text=text)

    def download(self, name: str, *, role: str = "link") -> tuple[str, bytes]:
        """The file behind a link or a button: the name that the browser saves it under, and what is in it."""
        got = self._do("download", name=name, role=role)
        return str(got["name"]), Path(got["path"]).read_bytes()

    def focus(self) -> dict[str, str]:
        """What has the focus: its tag, class and name."""
        return dict(self._do("focus"))

    def evaluate(self, script: str) -> Any:
        return self._do("evaluate", script=script)

    def screenshot(self, path: Path) -> Path:
        return Path(self._do("screenshot", path=str(path)))

    def complaints(self) -> list[str]:
        """What the browser wrote to its console as errors: a script that failed, a file that the content policy kept out."""
        return list(self._do("complaints"))

    def forget_complaints(self) -> None:
        self._do("forget")

    def faults(self, tags: tuple[str, ...]) -> list[str]:
        """The rules of axe, of these tags, that the page breaks."""
        return list(self._do("faults", tags=list(tags)))

    def tab_to(self, name: str, *, tag: str = "", within: int = 80) -> None:
        """Press Tab until the focus is on the thing of this name."""
        for _ in range(within):
            self.press("Tab")
            here = self.focus()
            if name in here["name"] and tag in ("", here["tag"]):
                return
        raise BrowserFault(f"{name!r} was not reached by {within} presses of Tab; the focus is on {self.focus()}")

    def close(self) -> None:
        self._do("shut")
