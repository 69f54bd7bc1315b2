"""The promises about what imports what, read from the source."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from experiments.structure import PACKAGE, import_graph, imported_names, layer_of, write_layers

HOMES = {
    "keras": ("learning/", "listener/graphs", "listener/fit", "exercise/graphs"),
    "tensorflow": ("learning/", "listener/fit"),
    "music21": ("formats/",),
    "mido": ("formats/midi/",),
    "distributed": ("corpus/cluster",),
    "matplotlib": ("pictures/",),
    "soundfile": ("audio/",),
    "pyloudnorm": ("audio/",),
    "miniaudio": ("audio/",),
    "verovio": ("engraving/",),
    "typst": ("engraving/",),
    "fastapi": ("studio/",),
    "starlette": ("studio/",),
    "pydantic": ("studio/",),
    "uvicorn": ("studio/",),
    "pebble": ("system/processes", "corpus/", "learning/local_workers", "studio/workers"),
}
MODULES = sorted(PACKAGE.rglob("*.py"))


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


def closure(start: str, graph: dict[str, set[str]]) -> set[str]:
    """All modules that one imports, directly or not."""
    found, waiting = set[str](), [start]
    while waiting:
        for name in graph.get(waiting.pop(), set()) - found:
            found.add(name)
            waiting.append(name)
    return found


def test_no_module_imports_a_higher_layer_indirectly_or_itself() -> None:
    graph = import_graph()
    for module in graph:
        for reached in closure(module, graph):
            assert layer_of(reached) <= layer_of(module), f"{module} comes to import {reached}"
    # Within the functions of a module an import may close a circle; none does.
    circles = [module for module in graph if module in closure(module, graph)]
    assert not circles


def test_every_package_has_a_layer() -> None:
    assert not [module for module in import_graph() if layer_of(module) < 0]


def test_the_layers_are_drawn(tmp_path: Path) -> None:
    write_layers(tmp_path / "layers.png")
    assert (tmp_path / "layers.png").read_bytes().startswith(b"\x89PNG")


def test_only_the_root_of_the_package_holds_no_loose_modules() -> None:
    assert {path.stem for path in PACKAGE.glob("*.py")} == {"__init__", "__main__", "errors"}


def flags_in_texts(tree: ast.Module) -> Iterator[str]:
    """Texts with a flag of the command line in them; docstrings and the cards of models, which show commands, aside."""
    aside: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None:
            aside.add(id(node.body[0].value))  # type: ignore[attr-defined]
        if isinstance(node, ast.FunctionDef) and node.name.endswith("_card"):
            aside.update(id(inner) for inner in ast.walk(node))
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and id(node) not in aside and re.search(r"(?<![\w-])--[a-z]", node.value):  # type: ignore[attr-defined]
            yield node.value  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_only_the_command_line_and_the_studio_speak_of_flags(path: Path) -> None:
    if path.relative_to(PACKAGE).parts[0] not in {"cli", "studio"}:
        assert not list(flags_in_texts(ast.parse(path.read_text(encoding="utf-8"))))


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
        own = ("jazzgen.reference", "jazzgen.errors", "jazzgen.system.files", "jazzgen.learning.folder")
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
