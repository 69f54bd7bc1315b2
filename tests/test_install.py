"""What is published: a wheel and an sdist, and the wheel alone in an empty environment, far from the clone."""

import os
import subprocess
import sys
import sysconfig
import tarfile
from email.parser import Parser
from pathlib import Path
from zipfile import ZipFile

import pytest
from helpers.musicxml import FOUR_FOUR, harmony, note, save
from helpers.studio_server import begin, generate, studio

pytestmark = pytest.mark.slow
MOST_WHEEL_BYTES, MOST_INSTALLED_BYTES = 20 * 10**6, 150 * 10**6
_INSIDE = (
    "jazzgen/data/models/bass/weights.npz",
    "jazzgen/data/models/soloist/weights.npz",
    "jazzgen/data/models/names-titles/weights.npz",
    "jazzgen/data/midi/starter/blues_c_kettle_talk.mid",
    "jazzgen/data/styles.toml",
    "jazzgen/studio/static/index.html",
    "jazzgen/py.typed",
)


def plain_environment() -> dict[str, str]:
    """The environment without what would lead back to the clone."""
    return {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "JAZZGEN_MODELS")}


@pytest.fixture(scope="session")
def built(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist, and the wheel that is built from it."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(repository)]
    subprocess.run(command, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="session")
def wheel(built: Path) -> Path:
    (found,) = built.glob("*.whl")
    return found


def disk_bytes(folder: Path) -> int:
    """What a folder takes up on the disk, as `du` has it."""
    return sum(512 * path.lstat().st_blocks for path in (folder, *folder.rglob("*")))


class Installed:
    """A jazzgen in an environment of its own, started from an empty folder."""

    def __init__(self, environment: Path, folder: Path) -> None:
        scripts = environment / ("Scripts" if os.name == "nt" else "bin")
        self.environment, self.folder = environment, folder
        self.python, self.jazzgen = scripts / "python", scripts / "jazzgen"

    def run(self, *words: object) -> tuple[int, str, str]:
        """Exit code, stdout and stderr of a command."""
        done = subprocess.run(
            [str(self.jazzgen), *map(str, words)],
            cwd=self.folder,
            env=plain_environment(),
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        return done.returncode, done.stdout, done.stderr


@pytest.fixture(scope="session")
def installed(wheel: Path, repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The wheel, with nothing but what it asks for."""
    base = tmp_path_factory.mktemp("installed")
    (base / "elsewhere").mkdir()
    subprocess.run([sys.executable, "-m", "venv", base / "environment"], check=True)
    one = Installed(base / "environment", base / "elsewhere")
    install = [one.python, "-m", "pip", "install", "--quiet", "--only-binary=:all:"]
    subprocess.run(
        [*map(str, install), "-c", repository / "constraints.txt", wheel], check=True, env=plain_environment()
    )
    return one


def test_an_index_would_take_both(built: Path) -> None:
    files = sorted(built.iterdir())
    assert [file.suffix for file in files] == [".whl", ".gz"]
    check = [sys.executable, "-m", "twine", "check", "--strict", *map(str, files)]
    done = subprocess.run(check, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.count("PASSED")) == (0, 2), done.stdout


def test_the_wheel_is_small_and_has_inside_what_plays(wheel: Path) -> None:
    assert wheel.stat().st_size <= MOST_WHEEL_BYTES
    with ZipFile(wheel) as archive:
        names = set(archive.namelist())
        metadata = Parser().parsestr(archive.read(next(n for n in names if n.endswith("/METADATA"))).decode())
    assert set(_INSIDE) <= names
    assert not [name for name in names if "node_modules" in name or name.startswith(("tests/", "scripts/", "models/"))]
    extras = set(metadata.get_all("Provides-Extra") or ())
    assert extras == {"all", "cluster", "notation", "plots", "sound", "studio", "train"}


def test_the_sdist_has_what_the_wheel_is_made_of(built: Path) -> None:
    (path,) = built.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {
        "pyproject.toml",
        "LICENSE",
        "README.md",
        "models/bass/weights.npz",
        "models/soloist/weights.npz",
        "jazzgen/cli/__init__.py",
    } <= names
    assert not [name for name in names if name.startswith(("tests/", "docs/", "jazzgen/studio/page"))]


def test_it_takes_little_room_and_generates_at_once(installed: Installed) -> None:
    assert disk_bytes(installed.environment) <= MOST_INSTALLED_BYTES
    code, out, err = installed.run("generate", "--seed", 7, "-o", "solo.mid")
    assert (code, err) == (0, "")
    assert f"{installed.environment}" in out  # its own soloist played
    assert (installed.folder / "solo.mid").read_bytes().startswith(b"MThd")


def test_it_gives_the_bytes_that_the_clone_gives(installed: Installed, repository: Path) -> None:
    """But for the text that names where the model is."""
    installed.run("generate", "--seed", 8, "--title", "One", "-o", "wheel.mid")
    command = [sys.executable, "-m", "jazzgen", "generate", "--seed", "8", "--title", "One", "-o"]
    subprocess.run([*command, installed.folder / "clone.mid"], check=True, cwd=repository, capture_output=True)
    assert (installed.folder / "wheel.mid").read_bytes() == (installed.folder / "clone.mid").read_bytes()


def test_music_is_read_without_music21(installed: Installed) -> None:
    save(installed.folder / "a.musicxml", [FOUR_FOUR + harmony("C", "major") + 4 * note("C4", 12)])
    installed.run("generate", "--seed", 7, "-o", "read.mid")
    for name in ("a.musicxml", "read.mid"):
        code, out, err = installed.run("corpus", "inspect", name, "--no-cache")
        assert (code, name in out, err) == (0, True, "1 file, 1 piece: 1 solo.\n")


@pytest.mark.parametrize(
    ("words", "needs", "extra"),
    [
        (("train",), "training or checking a model needs tensorflow, keras", "train"),
        (("check", "MODEL"), "training or checking a model needs tensorflow, keras", "train"),
        (("listen", "solo.mid", "--against", "solo.mid"), "training or checking a model needs tensorflow", "train"),
        (("studio",), "the studio needs fastapi, uvicorn", "studio"),
        (("generate", "--picture"), "a picture needs matplotlib", "plots"),
        (
            ("render", "solo.mid", "-o", "a.pdf"),
            "a sheet, or a file of this kind, needs music21, verovio, typst",
            "notation",
        ),
        (("render", "solo.mid", "-o", "a.wav"), "sound needs soundfile, scipy, pyloudnorm, miniaudio", "sound"),
        (("play", "solo.mid"), "sound needs soundfile, scipy, pyloudnorm, miniaudio", "sound"),
        (
            ("corpus", "inspect", "solo.mid", "--cluster", "tcp://h:1"),
            "reading on a cluster needs distributed",
            "cluster",
        ),
    ],
)
def test_what_needs_an_extra_says_so_in_one_line(
    installed: Installed, words: tuple[str, ...], needs: str, extra: str
) -> None:
    solo = installed.folder / "solo.mid"
    if not solo.exists():
        installed.run("generate", "--seed", 7, "-o", solo.name)
    model = next(installed.environment.rglob("models/soloist"))
    code, _, err = installed.run(*(model if word == "MODEL" else word for word in words))
    (line,) = err.splitlines()
    assert code == 1
    assert line.startswith(f"jazzgen: {needs}")
    assert line.endswith(f'; type: pip install "jazzgen[{extra}]"')


def test_a_file_that_music21_reads_names_the_extra(installed: Installed) -> None:
    (installed.folder / "a.krn").write_text("**kern\n4c\n*-\n", encoding="ascii")
    _, out, err = installed.run("corpus", "inspect", "a.krn", "--no-cache")
    assert 'pip install "jazzgen[notation]"' in " ".join((out + err).split())


def test_its_studio_opens_and_plays(installed: Installed) -> None:
    """With the libraries of these tests' own environment, which has no other jazzgen that it would find."""
    (packages,) = installed.environment.rglob("site-packages")
    borrowed = packages / "borrowed.pth"
    borrowed.write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    try:
        session = installed.folder / "session.sqlite3"
        with (
            studio(session, folder=installed.folder, python=str(installed.python), PYTHONPATH="") as running,
            running.client() as client,
        ):
            page = client.get(running.address, follow_redirects=True)
            assert (page.status_code, "<title>jazzgen" in page.text) == (200, True)
            take = generate(client, begin(client))["made"][0]
            assert client.get(f"/api/takes/{take}/midi").content.startswith(b"MThd")
    finally:
        borrowed.unlink()
