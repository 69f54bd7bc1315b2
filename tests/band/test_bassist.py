"""The learned bass: it has a say where it knows the music, and the rules keep what they promise."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from helpers.chart_text import parse_changes
from hypothesis import given, settings
from hypothesis import strategies as st

from jazzgen.band.arrange import Arrangement, arrange
from jazzgen.band.bassist import BassKind, band_bassist
from jazzgen.band.players import PLAYERS
from jazzgen.band.rhythm_section import Lineup, add_band
from jazzgen.band.sounding import soundings
from jazzgen.band.styles import load_style
from jazzgen.errors import OptionError
from jazzgen.learning.bass.hearing import LOW
from jazzgen.learning.bass.places import places_of
from jazzgen.learning.bass.walk import Walk
from jazzgen.music.score import Mark, Note, Part, Score
from jazzgen.music.timing import Meter

CHANGES = parse_changes("Dm7 | G7 | Cmaj7 | A7 | Dm7/G | G7 | N.C. | C6 F7 | Em7 A7 | Dm7 G7 | Cmaj7 | %")
SCORE = Score(tempos=((0, 160.0),), changes=CHANGES, parts=(Part("Solo"),))


def bass(kind: BassKind, style: str = "swing-medium", score: Score = SCORE, seed: int = 0) -> tuple[Note, ...]:
    lineup = Lineup(("bass",), bass=kind)
    return add_band(score, load_style(style), lineup, rng=np.random.default_rng(seed)).parts[-1].notes


def between_changes(seed: int) -> list[tuple[float, float]]:
    """The bits of a line's notes between changes, each with those that the bassist expects there (the entropy)."""
    score = replace(SCORE, changes=parse_changes("Dm7 | G7 | Cmaj7 | A7 | Dm7 | G7 | C6 F7 | Em7 A7"))
    pitches = {note.onset: note.pitch for note in bass("learned", score=score, seed=seed)}
    places = places_of(score, "SWING")
    walk, found = Walk(band_bassist(), places), []
    for onset, arrives in zip(places.onset.tolist(), places.arrives.tolist(), strict=True):
        bits = -np.log2(walk.probabilities())
        if not arrives:
            found.append((float(bits[pitches[onset] - LOW]), float((walk.probabilities() * bits).sum())))
        walk.take(pitches[onset])
    return found


@pytest.mark.parametrize("style", ["swing-slow", "swing-medium", "swing-up", "shuffle"])
def test_it_plays_other_pitches_in_the_same_rhythm(style: str) -> None:
    learned, rules = bass("learned", style), bass("rules", style)
    assert [note.pitch for note in learned] != [note.pitch for note in rules]
    assert [(n.onset, n.duration, n.velocity) for n in learned] == [(n.onset, n.duration, n.velocity) for n in rules]


@pytest.mark.parametrize(
    ("style", "meter"),
    [("bossa", "4/4"), ("samba", "4/4"), ("funk", "4/4"), ("ballad", "4/4"), ("five", "5/4"), ("swing-medium", "7/4")],
)
def test_where_it_has_heard_nothing_the_rules_play(style: str, meter: str) -> None:
    changes = parse_changes("Dm7 | G7 | Cmaj7 | A7", Meter.parse(meter))
    score = Score(meters=((0, Meter.parse(meter)),), changes=changes, parts=(Part("Solo"),))
    assert bass("learned", style, score) == bass("rules", style, score)


def test_between_changes_it_draws_as_it_has_learnt() -> None:
    bits, expected = np.mean([pair for seed in range(40) for pair in between_changes(seed)], axis=0)
    assert bits == pytest.approx(expected, abs=0.1)


@given(seed=st.integers(0, 9999), style=st.sampled_from(["swing-up", "swing-medium", "two-beat", "shuffle"]))
@settings(max_examples=40, deadline=None)
def test_a_chord_tone_or_the_slash_bass_is_at_every_change_within_the_range(seed: int, style: str) -> None:
    notes = bass("learned", style, seed=seed)
    at = {note.onset: note.pitch % 12 for note in notes}
    for chord in soundings(CHANGES):
        assert at[chord.onset] in ((chord.chord.bass_class,) if chord.chord.bass else chord.chord.pitch_classes)
    register = PLAYERS["bass"].register
    assert all(register.low <= note.pitch <= register.high for note in notes)
    assert max(abs(a.pitch - b.pitch) for a, b in pairwise(notes)) <= 19


@given(seed=st.integers(0, 9999))
@settings(max_examples=20, deadline=None)
def test_each_chorus_begins_on_its_root(seed: int) -> None:
    choruses = tuple(Mark(onset, 5760, "chorus", str(onset)) for onset in range(0, 4 * 5760, 5760))
    changes = parse_changes(" | ".join(["Dm7", "G7", "Dm7"] * 4))
    at = {
        note.onset: note.pitch
        for note in bass("learned", score=replace(SCORE, changes=changes, marks=choruses), seed=seed)
    }
    assert all(at[mark.onset] % 12 == 2 for mark in choruses)


def test_most_chords_have_their_root_at_the_change_and_others_do_not() -> None:
    blues = parse_changes("F7 | Bb7 | F7 | F7/A | Bb7 | Bdim7 | F7 | D7 | Gm7 | C7 | F7 D7 | Gm7 C7")
    lines = [bass("learned", score=replace(SCORE, changes=blues), seed=seed) for seed in range(20)]
    roots = [
        {note.onset: note.pitch for note in line}[chord.onset] % 12 == chord.chord.root_class
        for line in lines
        for chord in soundings(blues)[1:]
    ]
    assert 0.45 < np.mean(roots) < 0.8


def test_another_word_for_the_bass_is_refused() -> None:
    with pytest.raises(OptionError, match="bass slap: choose from learned, rules"):
        Arrangement(bass="slap")  # type: ignore[arg-type]
    played = arrange(SCORE, Arrangement(bass="rules"), rng=np.random.default_rng(0))
    assert played != arrange(SCORE, Arrangement(), rng=np.random.default_rng(0))
