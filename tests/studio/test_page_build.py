"""The page that is committed is what its source builds."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

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


@pytest.mark.slow
def test_the_page_is_what_its_source_builds(repository: Path, tmp_path: Path) -> None:
    if _node() < _LEAST_NODE:
        if os.environ.get("JAZZGEN_REQUIRE_NODE"):
            pytest.fail("needs Node 20.19 or newer, and JAZZGEN_REQUIRE_NODE is set")
        pytest.skip("needs Node 20.19 or newer")
    studio = repository / "jazzgen" / "studio"
    page = tmp_path / "page"
    shutil.copytree(studio / "page", page, ignore=shutil.ignore_patterns("node_modules"))
    _run(page, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
    _run(page, "npm", "run", "check")
    _run(page, "npm", "run", "build")
    built, kept = (
        {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        for folder in (tmp_path / "static", studio / "static")
    )
    assert built.keys() == kept.keys()
    assert [name for name in built if built[name] != kept[name]] == [], "run 'npm run build' in jazzgen/studio/page"
