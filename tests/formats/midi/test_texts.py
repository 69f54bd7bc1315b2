"""Texts in MIDI files: each reader undoes its writer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.formats.midi.texts import (
    is_own_text,
    marker_text,
    name_text,
    read_marker,
    read_name,
    read_recipe_text,
    recipe_text,
)
from jazzgen.harmony.chords import is_chord
from jazzgen.music.score import Mark

labels = st.text(min_size=1, max_size=12) | st.sampled_from(["A", "B", "Am", "Chorus 2", "Section A", "N.C.", "Intro"])


@given(kind=st.sampled_from(("section", "chorus")), label=labels)
def test_a_marker_is_read_as_the_mark_that_it_was(kind: str, label: str) -> None:
    mark = Mark(0, 480, kind, label)  # type: ignore[arg-type]
    assert read_marker(marker_text(mark)) == (kind, label)


@given(label=labels)
def test_no_section_is_taken_for_a_chord(label: str) -> None:
    assert not is_chord(marker_text(Mark(0, 480, "section", label)))


def test_phrases_and_what_has_no_label_have_no_marker() -> None:
    assert marker_text(Mark(0, 480, "phrase", "1")) == marker_text(Mark(0, 480, "section")) == ""


@given(name=st.text(min_size=1))
def test_a_name_in_full_is_found_among_other_texts(name: str) -> None:
    assert read_name(["by nobody", name_text(name)]) == name
    assert is_own_text(name_text(name))


@given(st.dictionaries(st.text(), st.none() | st.integers() | st.text() | st.lists(st.booleans())))
def test_a_recipe_is_ascii_and_read_as_it_was(recipe: dict[str, object]) -> None:
    text = recipe_text(recipe)
    assert text.isascii()
    assert read_recipe_text(["by nobody", text]) == recipe


@pytest.mark.parametrize("text", ["jazzgen recipe: {", "jazzgen recipe: 3", "jazzgen recipe: " + "[" * 100_000, ""])
def test_what_is_no_recipe_is_none(text: str) -> None:
    assert read_recipe_text([text]) is None
