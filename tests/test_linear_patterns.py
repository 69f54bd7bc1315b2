"""Every regular expression of the package takes linear time, whatever it is given.

The patterns are found in the source: each call of `re` is evaluated in its module, so that a new one is swept as well.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from helpers.hostile import USES, fault

import jazzgen
from jazzgen.cli import COMMANDS
from jazzgen.formats.ireal import _STYLES
from jazzgen.system.extras import missing

ROOT = Path(jazzgen.__file__).parent
_FUNCTIONS = ("compile", *USES)
_WHERE_UNKNOWN = ("search", "fullmatch")  # how patterns in tables are swept
# But for these, by module and how they begin.
_KNOWN = {
    ("jazzgen.formats.notation.drafts", r"\W*"): "match",
    ("jazzgen.formats.notation.music21_files", r"\bPos2?"): "findall",
    ("jazzgen.harmony.chord_reader", "[(), /]*"): "match",
}
_NEEDS = {"jazzgen.formats.notation.music21_files": "notation"}  # extras, by the module that needs one
# Calls whose pattern is made while jazzgen runs: the patterns, or none where the module's variables hold them.
MADE: dict[tuple[str, str], tuple[str, ...]] = {
    ("jazzgen.cli.typed", "re.sub(rf'\\bjazzgen ({known})\\b', lambda found: self.start(found[1]), text)"): (
        rf"\bjazzgen ({'|'.join(COMMANDS)})\b",
    ),
    ("jazzgen.formats.ireal", "re.search(pattern, words)"): tuple(_STYLES),
    ("jazzgen.harmony.chord_reader", "re.compile(rf\"[(), /]*(?:{'|'.join(alternatives)})[), ]*\")"): (),
}

Swept = tuple[str, re.Pattern[Any], str]  # where it is from, the pattern, how it is used


def names() -> Iterator[str]:
    for path in sorted(ROOT.rglob("*.py")):
        parts = path.relative_to(ROOT.parent).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        if "re." in path.read_text(encoding="utf-8") and not (name in _NEEDS and missing(_NEEDS[name])):
            yield name


@cache
def tree(name: str) -> ast.Module:
    path = ROOT.parent.joinpath(*name.split("."))
    return ast.parse((path / "__init__.py" if path.is_dir() else path.with_suffix(".py")).read_text(encoding="utf-8"))


def calls(name: str) -> Iterator[ast.Call]:
    """Yield the calls of functions of `re`."""
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            module = node.func.value
            if isinstance(module, ast.Name) and module.id == "re" and node.func.attr in _FUNCTIONS:
                yield node


def evaluated(call: ast.Call, module: ModuleType) -> re.Pattern[Any] | None:
    """Return the pattern of a call; None if it depends on more than its module."""
    flags = next((word.value for word in call.keywords if word.arg == "flags"), None)
    last = call.args[-1] if len(call.args) > 1 else None
    if flags is None and isinstance(last, ast.Attribute | ast.BinOp) and ast.unparse(last).startswith("re."):
        flags = last
    made = [call.args[0], *([flags] if flags else [])]
    try:
        return re.compile(*(eval(ast.unparse(part), dict(vars(module))) for part in made))
    except NameError:
        return None


def in_values(value: object) -> Iterator[re.Pattern[Any]]:
    """Yield the patterns inside a value of a module: tables, tuples, dataclasses."""
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, Mapping):
        yield from in_values([*value.keys(), *value.values()])
    elif isinstance(value, list | tuple | set | frozenset):
        for each in value:
            yield from in_values(each)
    elif is_dataclass(value) and not isinstance(value, type):
        yield from in_values([getattr(value, field.name) for field in fields(value)])


def uses_of(name: str, module: str) -> set[str]:
    """Return the methods of the pattern with this name: in its module, and elsewhere if it is public."""
    modules: Iterable[str] = (module,) if name.startswith("_") else names()
    return {
        node.attr
        for each in modules
        for node in ast.walk(tree(each))
        if isinstance(node, ast.Attribute) and node.attr in USES
        if isinstance(node.value, ast.Name | ast.Attribute)
        and (node.value.id if isinstance(node.value, ast.Name) else node.value.attr) == name
    }


def swept() -> Iterator[Swept]:
    """Yield each pattern of the package with each way that it is used."""
    for name in names():
        module = import_module(name)
        found: dict[re.Pattern[Any], set[str]] = {}
        for variable, value in vars(module).items():
            named = uses_of(variable, name) if isinstance(value, re.Pattern) else set()
            for pattern in in_values(value):
                found.setdefault(pattern, set()).update(named)
        for call in calls(name):
            function = ast.unparse(call.func).removeprefix("re.")
            if (made := evaluated(call, module)) is not None:
                found.setdefault(made, set()).update({function} - {"compile"})
        for pattern, uses in found.items():
            for use in sorted(uses or _known(name, str(pattern.pattern)) or _WHERE_UNKNOWN):
                yield name.removeprefix("jazzgen."), pattern, use
    for (name, _), texts in MADE.items():
        for text in texts:
            yield name.removeprefix("jazzgen."), re.compile(text), "search"


def _known(module: str, pattern: str) -> list[str]:
    return [use for (name, start), use in _KNOWN.items() if module == name and pattern.startswith(start)]


def unique() -> list[Swept]:
    """Return what to sweep, each once: imported patterns are seen in several modules."""
    return list({(pattern, USES[use]): (name, pattern, use) for name, pattern, use in swept()}.values())


def test_every_call_of_re_is_seen() -> None:
    strange = [
        (name, ast.unparse(call))
        for name in names()
        for call in calls(name)
        if evaluated(call, import_module(name)) is None
    ]
    assert sorted(strange) == sorted((name, ast.unparse(ast.parse(text))) for name, text in MADE)
    for name in names():
        for node in ast.walk(tree(name)):
            assert not (isinstance(node, ast.ImportFrom) and node.module == "re"), name
            assert not (isinstance(node, ast.alias) and node.name == "re" and node.asname), name


@pytest.mark.slow
@pytest.mark.parametrize(
    ("pattern", "use"),
    [pytest.param(pattern, use, id=f"{name} {pattern.pattern[:30]!r} {use}") for name, pattern, use in unique()],
)
def test_patterns_are_linear(pattern: re.Pattern[Any], use: str) -> None:
    assert fault(pattern, USES[use]) is None


def test_the_sweep_finds_slow_patterns_and_leaves_quick_ones() -> None:
    slow = (
        (r"(a+)+b", "match"),
        (r"\s*x", "search"),
        (r"[a-z]*[a-y]*;", "match"),
        (r"\[(?:[a-g]\d*)+\]|\[(?:[a-g]\d?\d*)*\]", "match"),
    )
    assert [pattern for pattern, use in slow if fault(re.compile(pattern), USES[use]) is None] == []
    quick = ((r"(?>a+)+b", "match"), (r"x\s*y", "match"), (r"[a-z]*+;", "match"), (r"[^\W\d]+", "finditer"))
    assert [fault(re.compile(pattern), USES[use]) for pattern, use in quick] == [None] * len(quick)
