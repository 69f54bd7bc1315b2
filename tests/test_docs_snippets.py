"""The pages on the networks and the code say the same: each snippet is run, and prints what the page shows."""

import contextlib
import doctest
import io
import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[1] / "docs"
PAGES = ("reference.md", "characters.md")
PASTED = re.compile(r"^```python\n(.*?)^```\n\n```\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def text_of(page: str) -> str:
    return (DOCS / page).read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_prints_is_what_it_shows(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(DOCS.parent)
    report = io.StringIO()
    test = doctest.DocTestParser().get_doctest(text_of(page), {}, page, page, 0)
    assert len(test.examples) > 10
    failed, _ = doctest.DocTestRunner(verbose=False).run(test, out=report.write)
    assert not failed, report.getvalue()


PASTES = [(page, *pair) for page in PAGES for pair in PASTED.findall(text_of(page))]


@pytest.mark.parametrize(("page", "code", "output"), PASTES, ids=lambda value: value[:20])
def test_what_can_be_pasted_stands_on_its_own(page: str, code: str, output: str) -> None:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, page, "exec"), {})
    assert printed.getvalue() == output


def test_every_fenced_listing_is_tried() -> None:
    assert len(PASTES) == sum(text_of(page).count("```python\n") for page in PAGES) > 0
