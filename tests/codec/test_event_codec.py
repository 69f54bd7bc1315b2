"""Events: nothing is lost, what is scored is what the protocol says, and mistakes are one line."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.codec import Codec
from jazzgen.codec.events import EventCodec, snapped, to_arrays
from jazzgen.corpus import read_pieces
from jazzgen.errors import GrammarError, OptionError
from jazzgen.formats.reading import Reading
from jazzgen.music.melody import apart
from jazzgen.music.score import Note, Part, Score
from jazzgen.music.timing import TICKS_PER_TATUM, Meter

LOSSLESS = EventCodec()
METERS = [Meter(4, 4), Meter(3, 4), Meter(5, 4), Meter(6, 8), Meter(7, 8), Meter(2, 2)]


def score(*notes: tuple[int, ...]) -> Score:
    """A score of (onset, duration, pitch[, velocity]), times in tatums."""
    ticks = [
        Note(onset * TICKS_PER_TATUM, length * TICKS_PER_TATUM, pitch, velocity[0] if velocity else 80)
        for onset, length, pitch, *velocity in notes
    ]
    return Score(parts=(Part("Solo", tuple(ticks)),))


@st.composite
def grid_scores(draw: st.DrawFn, velocity_step: int = 1) -> Score:
    """Notes on the grid, long and short rests between them, some held, some together, in any meter, with a pickup."""
    meter = draw(st.sampled_from(METERS))
    lengths = st.integers(1, 12) | st.sampled_from([47, 48, 49, 96, 97, 200])
    since = st.integers(0, 12) | st.sampled_from([84, 85, 95, 96, 97, 98, 108, 109, 96 + 16 * 12, 1000, 5000])
    velocities = st.integers(1, 127 // velocity_step).map(lambda steps: steps * velocity_step)
    notes, onset = [], 0
    for step, length, pitch, velocity in draw(
        st.lists(st.tuples(since, lengths, st.integers(0, 127), velocities), max_size=12)
    ):
        onset += step
        notes.append(Note(onset * TICKS_PER_TATUM, length * TICKS_PER_TATUM, pitch, velocity))
    pickup = draw(st.integers(0, meter.bar_ticks // TICKS_PER_TATUM - 1)) * TICKS_PER_TATUM
    return Score(meters=((0, meter),), pickup=pickup, parts=(Part("Solo", apart(notes)),))


@given(grid_scores())
def test_decode_inverts_encode(score: Score) -> None:
    assert LOSSLESS.decode(LOSSLESS.encode(score)) == score.melody.notes


@given(grid_scores(velocity_step=8))
def test_velocities_on_the_steps_survive_coarse_ones(score: Score) -> None:
    codec = EventCodec(velocity_step=8)
    assert codec.decode(codec.encode(score)) == score.melody.notes


@given(grid_scores())
def test_arrays_invert_too_and_every_word_is_declared(score: Score) -> None:
    assert to_arrays(score).notes() == score.melody.notes
    assert {*LOSSLESS.encode(score)} <= {*LOSSLESS.words}


def test_a_codec_as_others() -> None:
    codec: Codec = EventCodec()
    assert codec.decode(codec.encode(score((3, 2, 60))), (), np.random.default_rng(0)) == (Note(120, 80, 60, 80),)


def test_rhythm_comes_before_pitch() -> None:
    assert LOSSLESS.encode(score((6, 3, 60, 90), (12, 5, 64))) == (
        *("ioi,6", "duration,3", "pitch,60", "velocity,90"),
        *("ioi,6", "duration,5", "pitch,64", "velocity,80"),
    )


def test_long_rests_and_notes_are_one_class_and_what_is_more() -> None:
    assert LOSSLESS.encode(score((96 + 17 * 12, 150, 60)))[:-2] == (
        *("ioi,96", "wait,16", "wait,1"),
        *("duration,48", "hold,48", "hold,48", "hold,6"),
    )


@pytest.mark.parametrize(("since", "ioi", "wait"), [(0, 0, 0), (96, 96, 0), (97, 85, 1), (108, 96, 1), (109, 85, 2)])
def test_intervals_fold_by_phase(since: int, ioi: int, wait: int) -> None:
    arrays = to_arrays(score((since, 1, 60)))
    assert (arrays.ioi.tolist(), arrays.wait.tolist()) == ([ioi], [wait])


@given(st.integers(0, 10_000))
def test_folding_keeps_the_place_in_the_beat_and_the_range(since: int) -> None:
    ioi = int(to_arrays(score((since, 1, 60))).ioi[0])
    assert (since - ioi) % 12 == 0
    assert 0 <= ioi <= 96
    assert ioi == since or ioi >= 85


@pytest.mark.parametrize(
    ("velocity", "step", "written"), [(1, 8, 8), (83, 8, 80), (84, 8, 88), (127, 8, 120), (127, 1, 127), (60, 127, 127)]
)
def test_coarse_velocities_are_the_nearest_step(velocity: int, step: int, written: int) -> None:
    assert EventCodec(step).encode(score((0, 1, 60, velocity)))[-1] == f"velocity,{written}"


@pytest.mark.parametrize("step", [0, -1, 128])
def test_a_velocity_step_out_of_range(step: int) -> None:
    with pytest.raises(OptionError, match=f"velocity step {step}: must be 1"):
        EventCodec(step)


@pytest.mark.parametrize(("onset", "duration"), [(41, 40), (40, 41)])
def test_a_note_off_the_grid(onset: int, duration: int) -> None:
    off = Score(title="Blues", parts=(Part("Solo", (Note(onset, duration, 60),)),))
    with pytest.raises(GrammarError, match=r"melody of 'Blues' has a note off the grid: .*quantize it first"):
        LOSSLESS.encode(off)


def test_no_notes_are_no_events() -> None:
    assert LOSSLESS.encode(score()) == ()
    assert LOSSLESS.decode(()) == ()
    assert len(to_arrays(score())) == 0


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("ioi,97", "'ioi,97' is not an event: ioi is 0 to 96"),
        ("ioi,06", "'ioi,06' is not an event: ioi is 0 to 96"),
        ("pitch,", "'pitch,' is not an event: pitch is 0 to 127"),
        ("hold,0", "'hold,0' is not an event: hold is 1 to 48"),
        ("rest,1", "'rest,1' is not an event: write ioi, wait, duration, hold, pitch, velocity and a number"),
        ("pitch,60", "event 1, 'pitch,60', follows velocity; it goes after duration or hold"),
        ("ioi,1 ioi,1", "event 2, 'ioi,1', follows ioi; it goes after velocity"),
        ("ioi,1 duration,1 pitch,60", "the last note stops after its pitch; write its events up to velocity"),
    ],
)
def test_events_that_make_no_sense(line: str, message: str) -> None:
    with pytest.raises(GrammarError) as caught:
        LOSSLESS.decode(line.split())
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_coarse_codecs_say_their_steps() -> None:
    with pytest.raises(GrammarError, match="velocity is 8 to 120 in steps of 8"):
        EventCodec(8).decode(["velocity,9"])


@given(st.lists(st.sampled_from([f"{kind},1" for kind in LOSSLESS.kinds]) | st.text(max_size=4), max_size=8))
def test_any_words_decode_or_are_a_clear_mistake(words: list[str]) -> None:
    with suppress(GrammarError):
        assert len(LOSSLESS.decode(words)) == Counter(word.partition(",")[0] for word in words)["velocity"]


def test_snapping_drops_and_cuts_nothing() -> None:
    crushed = Part("Solo", (Note(0, 15, 59), Note(15, 240, 60), Note(60, 130, 64), Note(300, 61, 65)))
    arrays = snapped(Score(parts=(crushed,)))
    assert arrays.onset.tolist() == [0, 0, 2, 8]
    assert arrays.since.tolist() == [0, 0, 2, 6]
    assert arrays.length.tolist() == [1, 6, 3, 2]
    assert arrays.pitch.tolist() == [59, 60, 64, 65]


@pytest.mark.parametrize("semitones", [-6, 0, 5])
def test_transposition_moves_pitches_alone(semitones: int) -> None:
    arrays = to_arrays(score((1, 2, 60), (4, 5, 72)))
    moved = arrays.transposed(semitones)
    assert (moved.pitch - arrays.pitch == semitones).all()
    assert moved.onset is arrays.onset


def test_transposition_out_of_range() -> None:
    with pytest.raises(OptionError, match=r"\+8 half steps take the solo to 68-128, out of 0-127"):
        to_arrays(score((0, 1, 60), (1, 1, 120))).transposed(8)


def test_rows_of_a_solo_keep_what_came_before_them() -> None:
    arrays = to_arrays(score((6, 1, 60), (9, 1, 61), (14, 1, 62)))
    assert arrays[1:].since.tolist() == [3, 5]
    assert arrays[np.array([True, False, True])].pitch.tolist() == [60, 62]
    assert len(arrays[:2]) == 2


def test_the_vocabulary_is_closed_and_small() -> None:
    sizes = Counter(kind.name for kind, _ in LOSSLESS.words.values())
    assert sizes == {"ioi": 97, "wait": 16, "duration": 48, "hold": 48, "pitch": 128, "velocity": 127}
    assert json.loads(json.dumps([*LOSSLESS.words])) == [*LOSSLESS.words]


def protocol_rows(path: Path) -> Iterator[np.ndarray]:
    """For each solo the onset, inter-onset interval, duration and pitch of its notes (n, 4) as they are to be scored.

    Straight from the database's rows by the protocol's own formulas.
    """
    with closing(sqlite3.connect(path)) as database:
        beats = database.execute("SELECT melid, bar, beat FROM beats ORDER BY beatid").fetchall()
        query = "SELECT melid, bar, beat, division, tatum, pitch, duration / beatdur FROM melody ORDER BY eventid"
        events = groupby(database.execute(query).fetchall(), itemgetter(0))
    first = {melid: index for index, (melid, *_) in reversed([*enumerate(beats)])}
    places = {beat: index - first[beat[0]] for index, beat in enumerate(beats)}
    for _, notes in events:
        rows, before = [], 0
        for *beat, division, tatum, pitch, length in notes:
            onset = places[tuple(beat)] * 12 + round((tatum - 1) / division * 12)
            since = onset - before
            before = onset
            ioi = since if since <= 96 else 85 + (since - 85) % 12
            rows.append((onset, ioi, min(max(round(length * 12), 1), 48), round(pitch)))
        yield np.array(rows)


def test_the_weimar_solos_come_out_as_they_are_scored(weimar_path: Path) -> None:
    solos = [snapped(piece.score) for piece in read_pieces(weimar_path) if isinstance(piece, Reading)]
    for solo, rows in zip(solos, protocol_rows(weimar_path), strict=True):
        onset, ioi, duration, pitch = rows.T
        assert (solo.onset == onset).all()
        assert (solo.ioi == ioi).all()
        assert (solo.pitch == pitch).all()
        room = np.append(solo.since[1:], 1000)
        # Readers hold lengths in ticks, and may end a note where the next starts.
        assert (abs(solo.duration - duration) <= np.where(duration < room, 1, duration)).all()
        assert (solo.duration <= duration + 1).all()
    assert sum(map(len, solos)) == 180_529
