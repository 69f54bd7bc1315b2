"""The structure of the package, read from its source: layers, what imports what, and a picture of both."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

PACKAGE = Path(__file__).parents[2] / "jazzgen"
# A module imports its own layer or lower ones. The longest prefix that fits names a module's layer.
LAYERS = {
    "errors": 0,
    "system": 0,
    "music.timing": 1,
    "harmony": 2,
    "music": 3,
    "reference": 3,
    "formats": 4,
    "codec": 4,
    "engraving": 5,
    "metrics": 5,
    "corpus": 6,
    "learning": 7,
    "learning.bass": 8,
    "learning.grammar": 8,
    "learning.names": 8,
    "learning.soloist": 8,
    "learning.touch": 8,
    "band": 9,
    "improvise": 9,
    "takes": 10,
    "listener": 10,
    "audio": 11,
    "pictures": 11,
    "doctor": 11,
    "exercise": 12,
    "studio": 12,
    "cli": 13,
    "__main__": 14,
}
_JOBS = {
    "errors": "one small tree",
    "system": "files, processes, places",
    "music.timing": "ticks, beats, seconds",
    "harmony": "chords, scales, changes",
    "music": "scores as frozen values",
    "reference": "the textbook",
    "formats": "a folder a format",
    "codec": "music to tokens and back",
    "engraving": "sheets, MusicXML",
    "metrics": "solos in figures",
    "corpus": "many files",
    "learning": "what models share",
    "learning.bass": "the band's bass",
    "learning.grammar": "the exercise's model",
    "learning.names": "titles",
    "learning.soloist": "the one that ships",
    "band": "who plays along",
    "improvise": "a model over changes",
    "takes": "a take and its recipe",
    "listener": "can one tell?",
    "audio": "sound",
    "pictures": "PNG",
    "doctor": "MIDI mended",
    "exercise": "the notebook's names",
    "studio": "the page",
    "cli": "flags are known here",
}


def modules(package: Path = PACKAGE) -> dict[str, Path]:
    """Return every module by its name after the package's; packages by theirs, the root as ''."""
    return {
        ".".join(path.relative_to(package).with_suffix("").parts).removesuffix("__init__").removesuffix("."): path
        for path in sorted(package.rglob("*.py"))
    }


def imported_names(path: Path) -> Iterator[str]:
    """Yield what a module imports, in functions too: `package.module` and `package.module.name`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def import_graph(package: Path = PACKAGE) -> dict[str, set[str]]:
    """Return by module the modules of the package that it imports."""
    found = modules(package)
    graph: dict[str, set[str]] = {}
    for own, path in found.items():
        targets = (name.removeprefix("jazzgen.") for name in imported_names(path) if name.startswith("jazzgen."))
        graph[own] = {target if target in found else target.rpartition(".")[0] for target in targets} - {own, ""}
    return graph


def layer_of(module: str) -> int:
    """Return the layer of a module; -1 for one that has none, 0 for the package itself."""
    parts = module.split(".") if module else []
    known = (".".join(parts[:n]) for n in range(len(parts), 0, -1))
    return next((LAYERS[name] for name in known if name in LAYERS), 0 if not parts else -1)


def packages_of(
    graph: Mapping[str, set[str]], package: Path = PACKAGE
) -> tuple[set[str], set[str], set[tuple[str, str]]]:
    """Return the packages at the root, the modules that lie loose beside them, and which of both imports which."""
    inner = {path.name for path in package.iterdir() if (path / "__init__.py").is_file()}
    loose = {path.stem for path in package.glob("*.py")} - {"__init__"}
    pairs = {(own.split(".")[0], target.split(".")[0]) for own, targets in graph.items() for target in targets}
    return inner, loose, {(own, target) for own, target in pairs if own != target}


def write_layers(path: Path) -> None:
    """Draw the layers, the highest on top: who stands on whom."""
    levels: dict[int, list[str]] = {}
    for name, level in LAYERS.items():
        if name in _JOBS:
            levels.setdefault(level, []).append(name)
    figure = Figure(figsize=(11, 0.75 * len(levels) + 0.4))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, 11), ylim=(-0.2, len(levels)))
    axes.axis("off")
    for row, level in enumerate(sorted(levels)):
        names = levels[level]
        width = 10.4 / len(names)
        for place, name in enumerate(names):
            box = FancyBboxPatch(
                (0.3 + place * width, row + 0.1),
                width - 0.15,
                0.6,
                boxstyle="round,pad=0.02",
                fc="#eef3f7",
                ec="#1b6ca8",
            )
            axes.add_patch(box)
            x = 0.3 + place * width + (width - 0.15) / 2
            axes.text(x, row + 0.5, name, ha="center", va="center", fontsize=10, weight="bold")
            axes.text(x, row + 0.24, _JOBS[name], ha="center", va="center", fontsize=8, color="#444444")
    figure.savefig(path, dpi=110, metadata={"Software": None})


def main() -> None:
    """Print how many packages, loose modules and arrows there are."""
    graph = import_graph()
    inner, loose, arrows = packages_of(graph)
    names = ", ".join(sorted(loose))
    print(f"{len(inner)} packages, {len(loose)} loose modules ({names}), {len(arrows)} arrows between them,")
    print(f"{len(graph)} modules, {len(set(map(layer_of, graph)))} layers")
