"""What is said where a library is missing, and that the table of extras is that of pyproject.toml."""

import re
import sys
import tomllib
from pathlib import Path

import pytest

from jazzgen.errors import ExtraError
from jazzgen.system import places
from jazzgen.system.extras import EXTRAS, install_command, require


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """As if installed from a wheel, into an environment of its own."""
    monkeypatch.setattr(places, "_ROOT", tmp_path)
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    return tmp_path


@pytest.mark.usefixtures("installed")
def test_a_missing_library_is_named_with_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tensorflow", None)
    with pytest.raises(ExtraError) as caught:
        require("train")
    assert str(caught.value) == ('training or checking a model needs tensorflow; type: pip install "jazzgen[train]"')


@pytest.mark.parametrize("extra", EXTRAS)
def test_what_is_installed_is_not_asked_for(extra: str) -> None:
    require(extra)


def test_the_command_is_that_of_the_tool_that_installed_jazzgen(installed: Path) -> None:
    assert install_command("sound") == 'pip install "jazzgen[sound]"'
    (installed / "pipx_metadata.json").touch()
    assert install_command("sound") == 'pipx install -f "jazzgen[sound]"'
    (installed / "pipx_metadata.json").unlink()
    (installed / "uv-receipt.toml").touch()
    assert install_command("sound") == 'uv tool install "jazzgen[sound]"'


def test_in_a_clone_it_is_the_clone_that_is_installed(repository: Path) -> None:
    assert install_command("plots") == f'pip install -e "{repository}[plots]"'


def _project(repository: Path) -> dict[str, list[str]]:
    with (repository / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)["project"]
    return {"": project["dependencies"], **project["optional-dependencies"]}


def _name(requirement: str) -> str:
    match = re.match(r"[A-Za-z0-9_-]+", requirement)
    assert match
    return match[0].lower()


def test_the_table_is_that_of_the_project(repository: Path) -> None:
    listed = {
        extra: [_name(one) for one in wanted if not one.startswith("jazzgen[")]
        for extra, wanted in _project(repository).items()
        if extra not in ("", "all")
    }
    assert listed == {extra: list(libraries) for extra, (_, libraries) in EXTRAS.items()}


def test_all_is_every_extra_and_the_requirements_are_the_whole(repository: Path) -> None:
    project = _project(repository)
    assert project["all"] == [f"jazzgen[{','.join(sorted(EXTRAS))}]"]
    lines = (repository / "requirements.txt").read_text(encoding="utf-8").splitlines()
    wanted = {line.partition("#")[0].strip() for line in lines} - {""}
    assert wanted == {one for each in project.values() for one in each if not one.startswith("jazzgen[")}
