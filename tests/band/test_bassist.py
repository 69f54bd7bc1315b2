"""The learned bass: it has a say where it knows the music, and the rules keep what they promise."""

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
from jazzgen.learning.bass.examples import line_over
from jazzgen.learning.bass.hearing import HIGH
from jazzgen.learning.bass.places import places_of
from jazzgen.learning.bass.scoring import score_line
from jazzgen.music.score import Note, Part, Score
from jazzgen.music.timing import Meter

CHANGES = parse_changes("Dm7 | G7 | Cmaj7 | A7 | Dm7/G | G7 | N.C. | C6 F7 | Em7 A7 | Dm7 G7 | Cmaj7 | %")
SCORE = Score(tempos=((0, 160.0),), changes=CHANGES, parts=(Part("Solo"),))


def bass(kind: BassKind, style: str = "swing-medium", score: Score = SCORE, seed: int = 0) -> tuple[Note, ...]:
    lineup = Lineup(("bass",), bass=kind)
    return add_band(score, load_style(style), lineup, rng=np.random.default_rng(seed)).parts[-1].notes


def bits(notes: tuple[Note, ...]) -> float:
    """The bits of a line as the bassist foretells it."""
    pitches = {note.onset: min(note.pitch, HIGH) for note in notes}
    places = places_of(SCORE, "SWING")
    line = line_over(places, [pitches.get(onset) for onset in places.onset.tolist()])
    return float(score_line(band_bassist(), line).bits.mean())


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


def test_its_lines_are_likelier_to_a_player_than_the_rules() -> None:
    learned, rules = (np.mean([bits(bass(kind, seed=seed)) for seed in range(6)]) for kind in ("learned", "rules"))
    assert learned < rules - 0.5


@given(seed=st.integers(0, 9999), style=st.sampled_from(["swing-up", "swing-medium", "two-beat"]))
@settings(max_examples=40, deadline=None)
def test_the_root_or_the_slash_bass_is_at_every_change_within_the_range(seed: int, style: str) -> None:
    notes = bass("learned", style, seed=seed)
    at = {note.onset: note.pitch for note in notes}
    assert all(at[chord.onset] % 12 == chord.chord.bass_class for chord in soundings(CHANGES))
    register = PLAYERS["bass"].register
    assert all(register.low <= note.pitch <= register.high for note in notes)
    assert max(abs(a.pitch - b.pitch) for a, b in pairwise(notes)) <= 12


def test_another_word_for_the_bass_is_refused() -> None:
    with pytest.raises(OptionError, match="bass slap: choose from learned, rules"):
        Arrangement(bass="slap")  # type: ignore[arg-type]
    played = arrange(SCORE, Arrangement(bass="rules"), rng=np.random.default_rng(0))
    assert played != arrange(SCORE, Arrangement(), rng=np.random.default_rng(0))
