"""The promises about what imports what, read from the source."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "jazzgen"
# A module imports its own layer or lower ones. The longest prefix that fits names a module's layer.
LAYERS = {
    "errors": 0,
    "modelfolder": 0,
    "timing": 0,
    "files": 0,
    "places": 0,
    "hashing": 0,
    "quiet": 0,
    "download": 0,
    "audio": 5,
    "harmony": 1,
    "score": 1,
    "melody": 1,
    "feel": 1,
    "midi_texts": 1,
    "reference": 1,
    "corpus": 2,
    "codec": 2,
    "vocabulary": 3,
    "datasets": 3,
    "sampling": 3,
    "network": 4,
    "titles": 3,
    "engine": 4,
    "soloist": 4,
    "improvise": 5,
    "band": 5,
    "perform": 5,
    "arrange": 5,
    "midifile": 5,
    "notation": 5,
    "plots": 5,
    "metrics": 5,
    "plots_metrics": 5,
    "plots_gradients": 5,
    "take": 5,
    "retake": 5,
    "rework": 5,
    "regen": 5,
    "doctor": 6,
    "listener": 6,
    "plots_listener": 6,
    "ablation": 6,
    "training": 6,
    "training_soloist": 6,
    "convert": 6,
    "studio": 6,
    "play_over": 7,
    "exercise": 7,
    "cli": 7,
    "__main__": 7,
}
HOMES = {
    "keras": ("network/", "listener/graphs", "listener/fit"),
    "tensorflow": ("network/", "listener/fit"),
    "music21": ("corpus/", "notation"),
    "mido": ("midifile", "doctor/", "live/"),
    "distributed": ("corpus/",),
    "matplotlib": ("plots",),
    "tinysoundfont": ("audio/",),
    "soundfile": ("audio/",),
    "pyloudnorm": ("audio/",),
    "miniaudio": ("audio/",),
    "verovio": ("notation/",),
    "typst": ("notation/",),
    "fastapi": ("studio/",),
    "starlette": ("studio/",),
    "pydantic": ("studio/",),
    "uvicorn": ("studio/",),
    "pebble": ("studio/",),
}
MODULES = sorted(PACKAGE.rglob("*.py"))


def imported_names(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def layer_of(dotted: str) -> int:
    """Layer of a module named after `jazzgen.`; the package itself is at the bottom."""
    return LAYERS[dotted.split(".", maxsplit=1)[0]] if dotted else 0


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_its_own_layer_or_lower_ones(path: Path) -> None:
    own = layer_of(".".join(path.relative_to(PACKAGE).with_suffix("").parts).replace("__init__", "").strip("."))
    if path == PACKAGE / "__init__.py":
        own = 0
    for name in imported_names(path):
        if name.startswith("jazzgen."):
            target = name.removeprefix("jazzgen.")
            if target != "__version__":
                assert layer_of(target) <= own, f"{path} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_heavy_libraries_stay_where_they_belong(path: Path) -> None:
    place = str(path.relative_to(PACKAGE))
    for name in imported_names(path):
        homes = HOMES.get(name.split(".")[0])
        assert homes is None or place.startswith(homes), f"{path} imports {name}"


@pytest.mark.parametrize("path", sorted((PACKAGE / "reference").glob("*.py")), ids=lambda path: path.stem)
def test_the_reference_stands_on_numpy_alone(path: Path) -> None:
    for name in imported_names(path):
        top = name.split(".")[0]
        own = ("jazzgen.reference", "jazzgen.errors", "jazzgen.files", "jazzgen.modelfolder")
        assert top == "numpy" or top in sys.stdlib_module_names or name.startswith(own), f"{path} imports {name}"


def test_the_package_and_its_command_line_load_nothing_heavy() -> None:
    code = "import sys, jazzgen, jazzgen.cli; print(*{name.split('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    assert not set(loaded) & {*HOMES, "numpy", "tqdm"}


def test_no_python_in_models_or_midi() -> None:
    root = PACKAGE.parent
    assert not [path for folder in ("models", "midi") for path in (root / folder).rglob("*.py")]


def test_scripts_are_thin() -> None:
    for script in (PACKAGE.parent / "scripts").glob("*.py"):
        code = [line for line in script.read_text(encoding="utf-8").splitlines() if line.strip()]
        assert len(code) < 20, script
