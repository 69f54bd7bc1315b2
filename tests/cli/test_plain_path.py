"""The plainest path, as a stranger walks it: a fresh clone, a virtual environment without the package, two scripts."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from jazzgen.corpus import read_score

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What git tracks here, as it is in the working tree."""
    repository = Path(__file__).parents[2]
    clone = tmp_path_factory.mktemp("plain") / "jazzgen clone"
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=repository, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("needs git, and a clone")
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (repository / name).is_file():
            (clone / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(repository / name, clone / name)
    yield clone
    shutil.rmtree(clone)  # an environment of its own may be in it


@pytest.fixture(scope="module")
def python(clone: Path) -> str:
    """A Python for it: where JAZZGEN_PLAIN_PATH is set, one with requirements.txt and nothing else installed."""
    if not os.environ.get("JAZZGEN_PLAIN_PATH"):
        return sys.executable
    subprocess.run([sys.executable, "-m", "venv", clone / ".venv"], check=True)
    own = clone / ".venv" / "bin" / "python"
    wanted = [f"--requirement={clone / 'requirements.txt'}", f"--constraint={clone / 'constraints.txt'}"]
    subprocess.run([own, "-m", "pip", "install", "--quiet", *wanted], check=True)
    assert subprocess.run([own, "-c", "import jazzgen"], cwd="/", capture_output=True, check=False).returncode
    return str(own)


def typed(line: str | list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Runs what one types, with no settings but those of a shell."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("JAZZGEN", "PYTHON"))}
    words = shlex.split(line) if isinstance(line, str) else line
    return subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_train_then_generate_from_any_folder(clone: Path, python: str, tmp_path: Path) -> None:
    scripts = clone / "scripts"
    before = typed([python, str(scripts / "generate.py"), "--seed", "1"], tmp_path)
    assert before.returncode == 0, before.stderr
    assert f", by {clone / 'models' / 'soloist'}, seed 1." in before.stdout
    assert len(read_score(tmp_path / "solo.mid").melody.notes) > 10

    trained = typed([python, str(scripts / "train.py"), "--epochs", "4"], tmp_path)
    assert trained.returncode == 0, trained.stderr
    assert f"Trained {clone / 'models' / 'mine'}: " in trained.stdout

    hint = re.search("Play it: (.*)", trained.stdout)
    assert hint
    played = typed(hint[1], tmp_path)
    assert played.returncode == 0, played.stderr
    after = typed([python, str(scripts / "generate.py"), "--seed", "1"], tmp_path)
    assert f", by {clone / 'models' / 'mine'}, seed 1." in after.stdout

    again = typed([python, str(scripts / "train.py")], clone)
    assert again.returncode == 1
    assert again.stderr.startswith("jazzgen: models/mine: there is a model already; --force trains it anew")
    forced = typed([python, "scripts/train.py", "--force", "--epochs", "1"], clone)
    assert forced.returncode == 0, forced.stderr


@pytest.mark.parametrize("name", ["train", "generate", "run"])
def test_help_names_the_script(name: str, clone: Path, python: str, tmp_path: Path) -> None:
    shown = typed([python, str(clone / "scripts" / f"{name}.py"), "--help"], tmp_path)
    assert shown.returncode == 0, shown.stderr
    words = " ".join(shown.stdout.split())
    assert f'scripts"/{name}.py' in words
    assert "'jazzgen " not in words


def test_hints_of_generate_work_as_they_are_printed(clone: Path, python: str, tmp_path: Path) -> None:
    out = typed([python, str(clone / "scripts" / "generate.py"), "--seed", "2"], tmp_path).stdout
    tunes, changes = re.findall(r"That was over blues-f: '(.*)' lists others.* type (.*)", out)[0]
    listed = typed(tunes, tmp_path)
    assert "rhythm-bb" in listed.stdout
    played = typed(changes, tmp_path)
    assert played.returncode == 0, played.stderr
    assert "over 2 bars" in played.stdout


@pytest.mark.parametrize(
    "script", sorted(p.name for p in (Path(__file__).parents[2] / "scripts").glob("*.py") if p.name != "checkout.py")
)
def test_every_script_finds_the_package(script: str, clone: Path, python: str, tmp_path: Path) -> None:
    probe = clone / "scripts" / f"probe_{script}"  # its imports, and where the package came from
    lines = (clone / "scripts" / script).read_text(encoding="utf-8").splitlines()
    imports = [line for line in lines if line.startswith(("import", "from"))]
    probe.write_text("\n".join([*imports, "import jazzgen", "print(jazzgen.__file__)"]), encoding="utf-8")
    found = typed([python, str(probe)], tmp_path)
    assert found.stdout.strip() == str(clone / "jazzgen" / "__init__.py"), found.stderr
