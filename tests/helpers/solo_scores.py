"""Solos over changes, as Hypothesis draws them for tests of the soloist."""

from hypothesis import strategies as st

from helpers.strategies import changes_over
from jazzgen.music.melody import apart
from jazzgen.music.score import Credits, Mark, Note, Part, Score
from jazzgen.music.timing import TICKS_PER_BEAT, TICKS_PER_TATUM, Meter

METERS = [Meter(4, 4), Meter(3, 4), Meter(5, 4), Meter(6, 8), Meter(7, 8)]
_RANGES = [(24, 60), (48, 84), (66, 96)]  # no leap is wider than the network has steps for


@st.composite
def solo_scores(draw: st.DrawFn, max_size: int = 10) -> Score:
    """Notes on the grid, no rest over eight beats, changes under all of them; perhaps a pickup and a second meter."""
    first = draw(st.sampled_from(METERS))
    pickup = draw(st.integers(0, first.bar_ticks // TICKS_PER_TATUM - 1)) * TICKS_PER_TATUM
    second = ((pickup + draw(st.integers(1, 3)) * first.bar_ticks, draw(st.sampled_from(METERS))),)
    low, high = draw(st.sampled_from(_RANGES))
    since, lengths = st.integers(0, 24) | st.just(96), st.integers(1, 14) | st.sampled_from([48, 49, 100])
    notes, onset = [], 0
    for step, length, pitch in draw(
        st.lists(st.tuples(since, lengths, st.integers(low, high)), min_size=1, max_size=max_size)
    ):
        onset += step
        notes.append(Note(onset * TICKS_PER_TATUM, length * TICKS_PER_TATUM, pitch))
    length = (onset // 12 + 4) * TICKS_PER_BEAT
    return Score(
        tempos=((0, float(draw(st.integers(40, 400)))),),
        meters=((0, first), *(second if draw(st.booleans()) else ())),
        pickup=pickup,
        changes=draw(changes_over(length, 2 * TICKS_PER_BEAT)),
        parts=(Part("Solo", apart(notes)),),
        marks=(Mark(pickup, length, "section", "A"),) if draw(st.booleans()) else (),
        credits=Credits(
            performer=draw(st.sampled_from(["", "Ann", "Bob", "Cy"])),
            style=draw(st.sampled_from(["", "BEBOP"])),
            rhythm_feel=draw(st.sampled_from(["", "SWING", "LATIN"])),
        ),
    )


def plain_score(*notes: tuple[int, int, int], **more: object) -> Score:
    """A score of (onset, duration, pitch), times in tatums."""
    ticks = [Note(onset * TICKS_PER_TATUM, length * TICKS_PER_TATUM, pitch) for onset, length, pitch in notes]
    return Score(parts=(Part("Solo", tuple(ticks)),), **more)  # type: ignore[arg-type]
