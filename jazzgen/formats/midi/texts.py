"""Write and read the texts that jazzgen puts in MIDI files.

A chorus is a marker "Chorus 2". A section's marker is its label, or "Section A" where the label alone would be misread
as a chord or a chorus. A name that is not ASCII is given in full as a text of its track; the recipe is JSON in a text
of the conductor track.
"""

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from jazzgen.formats.midi.told import PREFIX as _WRITTEN
from jazzgen.harmony.chords import is_chord, is_no_chord
from jazzgen.music.score import ENDING, INTRO, TAG, Feel, Mark, MarkKind

_MOST_BYTES = 4 * 1024**2  # of our own files, which take 30 kB a chorus; set by hand
_RECIPE, _NAME = "jazzgen recipe: ", "name in full: "
GESTURES_TEXT = "jazzgen gestures"  # in a track whose pitch bends and expression are gestures by jazzgen
_CHORUS, _SECTION = "Chorus ", "Section "


def marker_text(mark: Mark) -> str:
    """Return the marker of a chorus or section; empty for a mark without label and for phrases and ideas.

    >>> marker_text(Mark(0, 480, "section", "A")), read_marker("Section A")
    ('Section A', ('section', 'A'))
    """
    if not mark.label or mark.kind in {"phrase", "idea"}:
        return ""
    if mark.kind == "chorus":
        return _CHORUS + mark.label
    misread = is_chord(mark.label) or is_no_chord(mark.label) or mark.label.startswith((_CHORUS, _SECTION))
    return f"{_SECTION if misread else ''}{mark.label}"


def read_marker(text: str) -> tuple[MarkKind, str]:
    """Return kind and label of a mark; inverse of `marker_text`."""
    return (
        ("chorus", text.removeprefix(_CHORUS)) if text.startswith(_CHORUS) else ("section", text.removeprefix(_SECTION))
    )


def is_form_text(text: str) -> bool:
    """Return whether a marker names a chorus or section and cannot be a chord symbol."""
    return text.startswith((_CHORUS, _SECTION)) or text in (INTRO, TAG, ENDING)


def name_text(name: str) -> str:
    return _NAME + name


def recipe_text(recipe: Mapping[str, Any]) -> str:
    return _RECIPE + json.dumps(recipe, sort_keys=True)


def is_own_text(text: str) -> bool:
    """Return whether a text is by jazzgen: a full name, a recipe, how notes are written, or that there are gestures."""
    return text.startswith((_NAME, _RECIPE, _WRITTEN)) or text == GESTURES_TEXT


def read_name(texts: Iterable[str]) -> str:
    """Return the full name among texts, empty if there is none."""
    return next((text.removeprefix(_NAME) for text in texts if text.startswith(_NAME)), "")


def bears_recipe(path: Path) -> bool:
    """Return whether a file says that jazzgen wrote it, without parsing it; one above 4 MiB counts as foreign."""
    try:
        return path.is_file() and path.stat().st_size <= _MOST_BYTES and _RECIPE.encode() in path.read_bytes()
    except OSError:
        return False


def read_recipe_text(texts: Iterable[str]) -> dict[str, Any] | None:
    """Return the recipe among texts, None if there is none that can be read."""
    recipe = next((text.removeprefix(_RECIPE) for text in texts if text.startswith(_RECIPE)), "")
    with suppress(ValueError, RecursionError):
        found = json.loads(recipe)
        return found if isinstance(found, dict) else None
    return None


def feel_said(texts: Iterable[str]) -> Feel:
    """Return the feel that a recipe among texts gives; straight if there is no recipe.

    In a recipe of a take made from another take, the earliest one's recipe decides.
    """
    recipe = read_recipe_text(texts) or {}
    while isinstance(source := recipe.get("source"), dict):
        recipe = source
    options = recipe.get("options")
    said = options.get("feel") if isinstance(options, dict) else None
    return "swing" if said == "swing" and recipe.get("straight") is not True else "straight"
