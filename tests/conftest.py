"""Fixtures for the whole suite."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from helpers.cli_runner import Run, make_runner
from helpers.soundfonts import write_soundfont
from helpers.studio_server import Running, begin, studio
from hypothesis import settings

# A busy machine is no fault. CI draws the same examples each time; elsewhere new ones may find something new.
settings.register_profile("jazzgen", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("jazzgen")

# Models that tests train are not the user's: what is trained in a fixture of the session goes here.
os.environ["JAZZGEN_MODELS"] = os.path.join(tempfile.gettempdir(), f"jazzgen-models-{os.getpid()}")  # noqa: PTH118

REPOSITORY = Path(__file__).parent.parent
DATA = REPOSITORY.parent / "shared" / "data"


@pytest.fixture(scope="session")
def repository() -> Path:
    return REPOSITORY


@pytest.fixture(scope="session")
def metheny_path() -> Path:
    """The exercise's own MIDI file, which is in copyright and so not part of the project."""
    path = DATA / "seed" / "original_metheny.mid"
    if not path.exists():
        pytest.skip("needs the data folder's seed/original_metheny.mid")
    return path


@pytest.fixture(scope="session")
def weimar_path() -> Path:
    """The Weimar Jazz Database, whose licence (ODbL 1.0) is another than the project's."""
    path = DATA / "wjazzd" / "wjazzd.db"
    if not path.exists():
        pytest.skip("needs the data folder's wjazzd/wjazzd.db")
    return path


@pytest.fixture(autouse=True)
def own_models(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder for models that no other test sees, made when it is first used."""
    monkeypatch.setenv("JAZZGEN_MODELS", str(tmp_path_factory.getbasetemp() / f"models-{uuid4().hex}"))


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command in an empty folder; gives exit code, stdout and stderr."""
    monkeypatch.chdir(tmp_path)
    return make_runner(capsys)


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A studio, for all tests that need no other."""
    folder = tmp_path_factory.mktemp("studio")
    with studio(folder / "studio.sqlite3", "--soundfont", write_soundfont(folder / "sine.sf2")) as one:
        yield one


@pytest.fixture
def client(running: Running) -> Iterator[httpx.Client]:
    """Talks to it."""
    with running.client() as one:
        yield one


@pytest.fixture
def session(client: httpx.Client) -> int:
    """A session of a test's own in it."""
    return begin(client)
