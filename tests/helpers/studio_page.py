"""A browser for the tests of the studio's page, and a page in it that tells what it did."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from helpers.studio_server import Running

# Without the last of these a test would have to click before it may hear; with the others it asks the net for nothing.
_FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--autoplay-policy=no-user-gesture-required"),
)
_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
DESKTOP, PHONE = ViewportSize(width=1440, height=1000), ViewportSize(width=360, height=740)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Chromium; without it the test is skipped, or fails where one is required."""
    path = next(filter(None, map(shutil.which, _NAMES)), None)
    if path is None:
        if os.environ.get("JAZZGEN_REQUIRE_BROWSER"):
            pytest.fail("needs Chromium, and JAZZGEN_REQUIRE_BROWSER is set")
        pytest.skip("needs Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(_FLAGS))
        yield browser
        browser.close()


@dataclass
class Watched:
    """A page of the studio.

    Attributes:
        complaints: what its console has said, and errors that nobody caught.
        requests: every address that it asked for.
    """

    page: Page
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def notes(self) -> list[tuple[int, int, int]]:
        """Onset, duration and pitch of each note on the roll."""
        found: list[list[int]] = self.page.eval_on_selector_all(
            ".roll .note", "all => all.map(({ dataset: d }) => [Number(d.onset), Number(d.duration), Number(d.pitch)])"
        )
        return [(onset, duration, pitch) for onset, duration, pitch in found]

    def take(self) -> str:
        """The number of the take that is shown."""
        return self.page.get_attribute("[data-take]", "data-take") or ""

    def until(self, condition: str, argument: Any = None) -> None:
        """Waits until an expression is true in the page."""
        self.page.wait_for_function(condition, arg=argument, timeout=30_000)

    def until_drawn(self, take: str) -> None:
        """Waits until the roll is that of a take."""
        self.until("take => document.querySelector('[data-drawn]')?.dataset.drawn === take", take)

    def press(self, name: str) -> None:
        """Clicks a button by its name."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def makes(self, name: str) -> str:
        """Clicks a button that makes a take; gives the take's number once it is shown, drawn and done."""
        before = self.take()
        self.press(name)
        self.until("before => document.querySelector('[data-take]').dataset.take !== before", before)
        self.until("() => !document.querySelector('[data-testid=busy]') && document.querySelector('.roll .note')")
        return self.take()

    def level(self, seconds: float = 1.5) -> float:
        """The loudest that the analyser hears for a while."""
        return float(
            self.page.evaluate(
                """async seconds => {
                    const level = document.querySelector('[data-level]');
                    const end = performance.now() + 1000 * seconds;
                    let most = 0;
                    while (performance.now() < end) {
                        most = Math.max(most, Number(level.dataset.level));
                        await new Promise(requestAnimationFrame);
                    }
                    return most;
                }""",
                seconds,
            )
        )


@contextmanager
def watched(
    browser: Browser, running: Running, size: ViewportSize = DESKTOP, scheme: str = "light"
) -> Iterator[Watched]:
    """The studio in a browser that has never seen it, in a session of its own."""
    context = browser.new_context(viewport=size, color_scheme=scheme, accept_downloads=True)  # type: ignore[arg-type]
    page = context.new_page()
    one = Watched(page)
    page.on("console", lambda message: one.complaints.append(message.text))
    page.on("pageerror", lambda error: one.complaints.append(str(error)))
    page.on("request", lambda request: one.requests.append(request.url))
    page.goto(running.address)
    page.get_by_role("button", name="New", exact=True).click()
    page.get_by_role("textbox", name="Name").fill("A test")
    page.get_by_role("button", name="Begin").click()
    one.until("() => [...document.querySelectorAll('header option:checked')].some(o => o.text === 'A test')")
    one.until("() => document.querySelector('[data-take]').dataset.take === ''")
    yield one
    context.close()
