"""The real product for the journeys: its own data folder and database, web server and worker as users start them, a real Chromium."""

from __future__ import annotations

import contextlib
import gzip
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
SHOTS = Path(__file__).parent / "shots"
AXE = ROOT / "tests" / "vendor" / "axe-core-4.14.1" / "axe.min.js.gz"
BROWSER = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@dataclass
class Site:
    """A running product: its address, and how to get a fresh sign-in link."""

    address: str
    environment: dict[str, str]

    def command(self, *words: str) -> str:
        """What `juzhi …` prints."""
        told = subprocess.run([sys.executable, "manage.py", *words], cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=240, check=True)
        return told.stdout

    def link(self, login: str) -> str:
        """A one-time sign-in link of one of the demonstration's accounts."""
        for line in self.command("demo", "--links", self.address).splitlines():
            if f"（{login}）" in line:
                return line.split()[-1]
        raise AssertionError(f"no link for {login}")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """`juzhi run` with the demonstration on a free port, ended afterwards."""
    folder = tmp_path_factory.mktemp("site")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    environment = {**os.environ, "JUZHI_DATA": str(folder), "JUZHI_PORT": str(port), "JUZHI_HOST": "127.0.0.1", "PYTHONWARNINGS": "default"}
    environment.pop("JUZHI_DATABASE_URL", None)
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    with (folder / "run.log").open("w") as log:
        process = subprocess.Popen([sys.executable, "manage.py", "run"], cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)
        try:
            wait_for(address, process, folder / "run.log")
            yield Site(address, environment)
        finally:
            process.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=20)
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(240):
        if process.poll() is not None:
            raise AssertionError(f"the product ended by itself:\n{log.read_text()[-2000:]}")
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.5)
    raise AssertionError(f"the product did not answer:\n{log.read_text()[-2000:]}")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    found = os.environ.get("JUZHI_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found:
        pytest.fail("no Chromium: install Debian's package `chromium`, or name one in JUZHI_CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=BROWSER)
        yield browser
        browser.close()


@pytest.fixture
def walk(site: Site, chromium: Browser) -> Iterator[Any]:
    """`walk(login="city", phone=True, dark=True, english=True)` gives a Walker, signed in if a login is given."""
    contexts: list[BrowserContext] = []

    def begin(login: str = "", *, phone: bool = False, dark: bool = False, english: bool = False, script: bool = True) -> Walker:
        context = chromium.new_context(
            viewport=PHONE if phone else DESKTOP, color_scheme="dark" if dark else "light", java_script_enabled=script, has_touch=phone, locale="zh-CN", base_url=site.address
        )
        contexts.append(context)
        if english:
            context.add_cookies([{"name": "django_language", "value": "en", "url": site.address}])
        walker = Walker(context.new_page(), site, f"{'phone' if phone else 'desktop'}-{'dark' if dark else 'light'}{'-en' if english else ''}")
        if login:
            walker.enter(login)
        return walker

    yield begin
    for context in contexts:
        context.close()


class Walker:
    """A person with a browser. Every page visited by `look` is checked: no error in the console, no sideways scroll, no axe violation."""

    def __init__(self, page: Page, site: Site, face: str) -> None:
        self.page, self.site, self.face = page, site, face
        self.noise: list[str] = []
        self.is_audited = False  # axe tries inline styles, which the policy refuses aloud
        page.on("framenavigated", lambda _frame: setattr(self, "is_audited", False))
        page.on("console", self.hear)
        page.on("response", lambda answer: self.noise.append(f"{answer.status} {answer.url}") if answer.status >= 500 else None)
        page.on("pageerror", lambda error: self.noise.append(str(error)))

    def enter(self, login: str) -> None:
        self.page.goto(self.site.link(login))
        self.page.locator("main form button[type=submit]").first.click()
        self.page.wait_for_url(re.compile("/workbench/"))

    def go(self, path: str) -> None:
        self.page.goto(path)

    def press(self, words: str) -> None:
        """Follow the first link or press the first button that says so."""
        self.page.locator("main").get_by_text(words, exact=True).first.click()

    def look(self, name: str) -> None:
        """A picture of the whole page, after the checks that every page must pass."""
        self.page.wait_for_load_state("networkidle")
        SHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=SHOTS / f"{name}-{self.face}.png", full_page=True)
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 1, f"{self.page.url}: {wide} px wider than the window"
        assert self.noise == [], self.page.url
        assert self.violations() == [], self.page.url

    def hear(self, message: Any) -> None:
        """Keep what the browser complains of."""
        if message.type == "error" and not (self.is_audited and "inline style" in message.text):
            self.noise.append(message.text)

    def violations(self) -> list[str]:
        self.is_audited = True
        self.page.evaluate(gzip.decompress(AXE.read_bytes()).decode())
        found = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [f"{one['id']}: {node['html'][:160]}" for one in found["violations"] for node in one["nodes"][:3]]
