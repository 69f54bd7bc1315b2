"""Where things are: in a clone, in an installed package, and what was trained last."""

from pathlib import Path

import pytest

from jazzgen.system import places


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def installed(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the package stood by itself."""
    monkeypatch.delenv("JAZZGEN_MODELS", raising=False)
    packages = tmp_path_factory.mktemp("site-packages")
    monkeypatch.setattr(places, "_ROOT", packages)
    monkeypatch.setattr(places, "DATA", packages / "jazzgen" / "data")


def model(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "config.json").write_text("{}")
    return folder


def test_in_a_clone_all_is_in_the_clone_wherever_one_stands(
    here: Path, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("JAZZGEN_MODELS")
    assert here != repository
    assert places.starter_corpus() == repository / "midi" / "starter"
    assert places.shipped_soloist() == repository / "models" / "soloist"
    assert places.models_folder() == repository / "models"
    monkeypatch.chdir(repository)
    assert places.starter_corpus() == Path("midi/starter")
    assert places.models_folder() == Path("models")


@pytest.mark.usefixtures("installed")
def test_installed_the_package_has_what_ships_and_the_working_folder_what_one_trains(here: Path) -> None:
    assert places.models_folder() == Path("models")
    assert places.starter_corpus() == places.DATA / "midi" / "starter"
    assert places.shipped_soloist() == places.DATA / "models" / "soloist"
    assert places.shipped_names() == places.DATA / "models" / "names-titles"
    assert places.shipped_bass() == places.DATA / "models" / "bass"
    (here / "midi" / "starter").mkdir(parents=True)
    assert places.starter_corpus() == Path("midi/starter")


@pytest.mark.usefixtures("installed")
def test_the_model_trained_last_is_remembered_while_it_is_there(here: Path) -> None:
    assert places.last_trained() is None
    first, second = model(here / "models" / "a"), model(here / "elsewhere" / "b")
    places.remember_trained(first)
    assert places.last_trained() == Path("models/a")
    places.remember_trained(second)
    assert places.last_trained() == Path("elsewhere/b")
    (second / "config.json").unlink()
    assert places.last_trained() is None


@pytest.mark.usefixtures("installed", "here")
def test_where_there_is_no_folder_for_models_nothing_is_noted(tmp_path: Path) -> None:
    places.remember_trained(model(tmp_path / "x"))
    assert places.last_trained() is None
    assert not Path("models").exists()


@pytest.mark.usefixtures("installed")
def test_models_are_found_under_the_working_folder_and_where_the_environment_says(
    here: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path_factory.mktemp("others")
    monkeypatch.setenv("JAZZGEN_MODELS", str(other))
    model(here / "models" / "b")
    model(other / "a")
    assert [folder.name for folder in places.models_here()] == ["b", "a"]
