"""Chords of every kind that there can be, for tests of notations."""

from hypothesis import strategies as st

from jazzgen.harmony.chord_qualities import SKELETONS
from jazzgen.harmony.chord_value import NOTE_NAMES
from jazzgen.harmony.chords import Chord

_NAMES = st.sampled_from(sorted(NOTE_NAMES))


@st.composite
def any_chords(draw: st.DrawFn) -> Chord:
    """Any valid chord, sensible or not."""
    tones = draw(st.sampled_from(list(SKELETONS)))
    tensions = draw(st.sets(st.sampled_from(sorted({*range(1, 12)} - {*tones})), max_size=6))
    return Chord(draw(_NAMES), tones, tuple(sorted(tensions)), draw(st.none() | _NAMES))
