"""The page that is committed is what its source builds, and its types are the API's."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from jazzgen.studio.app import page_schemas

_LEAST_NODE = (20, 19)


def _node() -> tuple[int, ...]:
    """Node's version, (0,) without it."""
    if not (shutil.which("node") and shutil.which("npm")):
        return (0,)
    version = subprocess.run(["node", "--version"], check=True, capture_output=True, text=True).stdout
    return tuple(map(int, version.strip().removeprefix("v").split(".")))


def _run(folder: Path, *command: str) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def page(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the page's source, and what builds it; without Node the tests are skipped, or fail where required."""
    if _node() < _LEAST_NODE:
        if os.environ.get("JAZZGEN_REQUIRE_NODE"):
            pytest.fail("needs Node 20.19 or newer, and JAZZGEN_REQUIRE_NODE is set")
        pytest.skip("needs Node 20.19 or newer")
    page = tmp_path_factory.mktemp("studio") / "page"
    shutil.copytree(repository / "jazzgen" / "studio" / "page", page, ignore=shutil.ignore_patterns("node_modules"))
    _run(page, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
    return page


@pytest.mark.slow
def test_the_page_has_the_types_of_the_api(page: Path) -> None:
    kept = (page / "src" / "schema.ts").read_bytes()
    (page / "openapi.json").write_text(json.dumps(page_schemas()), encoding="utf-8")
    _run(page, "npm", "run", "types")
    assert (page / "src" / "schema.ts").read_bytes() == kept, "run 'make page'"


@pytest.mark.slow
def test_the_page_is_what_its_source_builds(page: Path, repository: Path) -> None:
    _run(page, "npm", "run", "check")
    _run(page, "npm", "run", "build")
    built, kept = (
        {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        for folder in (page.parent / "static", repository / "jazzgen" / "studio" / "static")
    )
    assert built.keys() == kept.keys()
    assert [name for name in built if built[name] != kept[name]] == [], "run 'make page'"
