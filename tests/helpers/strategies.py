"""Hypothesis strategies that more than one test module draws from."""

from pathlib import Path

import mido
from hypothesis import strategies as st

from jazzgen.harmony.changes import Changes, ChordSpan
from jazzgen.harmony.chords import Chord, parse_chord
from jazzgen.harmony.pitch import MAJOR_TONICS, MINOR_TONICS, Key
from jazzgen.music.score import Note, Part, Score
from jazzgen.music.timing import Meter, iter_bars

TimedMessage = tuple[int, mido.Message]
SYMBOLS = ("Dm7", "G7", "Cmaj7", "Am7b5", "D7b9", "F#m7", "B7alt", "Ebmaj7", "Bb7", "Abdim7", "E7#11", "Db6", "Gsus4")
_PLAIN = st.characters(blacklist_categories=("Cs", "Cc", "Zs", "Zl", "Zp"))


@st.composite
def lines(
    draw: st.DrawFn, *, grid_ticks: int = 120, low: int = 48, high: int = 84, min_size: int = 1, max_size: int = 24
) -> tuple[Note, ...]:
    """A melodic line: one note at a time, with rests between some."""
    step = st.tuples(
        st.sampled_from((0, 0, 0, 1, 2, 5)), st.integers(1, 6), st.integers(low, high), st.integers(1, 127)
    )
    position, notes = 0, []
    for rest, length, pitch, velocity in draw(st.lists(step, min_size=min_size, max_size=max_size)):
        onset = position + rest * grid_ticks
        notes.append(Note(onset, length * grid_ticks, pitch, velocity))
        position = notes[-1].end
    return tuple(notes)


@st.composite
def scores(draw: st.DrawFn) -> Score:
    """A solo with a chord a bar, and perhaps a pickup, an accompaniment, a second meter and a second tempo."""
    meters = st.sampled_from([Meter(4, 4), Meter(3, 4), Meter(6, 8), Meter(5, 4), Meter(7, 8)])
    first = draw(meters)
    pickup = draw(st.just(0) | st.integers(1, first.bar_ticks // 60 - 1).map(lambda n: 60 * n))
    changed = ((pickup + draw(st.integers(2, 4)) * first.bar_ticks, draw(meters)),)
    every_meter = ((0, first), *(changed if draw(st.booleans()) else ()))
    bpm = st.integers(4, 240) | st.integers(4_000, 240_000).map(lambda thousandths: thousandths / 1000)
    faster = ((draw(st.integers(1, 9_000)), float(draw(bpm))),)
    solo = Part("Solo", draw(lines(grid_ticks=30, min_size=4)), program=draw(st.integers(0, 127)))
    low, high = draw(lines(low=30, high=47, max_size=8)), draw(lines(low=48, high=72, max_size=8))
    piano = Part("Piano", tuple(sorted(low + high)), channel=1)
    end = max(solo.end, piano.end)
    symbols = st.sampled_from((*SYMBOLS, None))
    changes = []
    for bar in iter_bars(every_meter, pickup, max(end, pickup + 1)):
        symbol = draw(symbols)
        if bar.number:
            changes.append(ChordSpan(bar.onset, bar.duration, parse_chord(symbol) if symbol else None))
    return Score(
        title=draw(st.text(_PLAIN, min_size=1, max_size=20)),
        tempos=((0, float(draw(bpm))), *(faster if draw(st.booleans()) else ())),
        meters=every_meter,
        key=draw(st.sampled_from([Key(t) for t in MAJOR_TONICS] + [Key(t, minor=True) for t in MINOR_TONICS])),
        pickup=pickup,
        changes=tuple(changes),
        parts=(solo, piano) if draw(st.booleans()) else (solo,),
        feel="straight",
    )


def midi_note(onset: int, duration: int, pitch: int, *, channel: int = 0, velocity: int = 80) -> list[TimedMessage]:
    """A note as two messages at their ticks in the file."""
    return [
        (onset, mido.Message("note_on", note=pitch, velocity=velocity, channel=channel)),
        (onset + duration, mido.Message("note_off", note=pitch, channel=channel)),
    ]


def meta(tick: int, kind: str, **fields: object) -> TimedMessage:
    return tick, mido.MetaMessage(kind, **fields)


def save_midi(path: Path, *tracks: list[TimedMessage], kind: int = 1, ticks_per_beat: int = 480) -> Path:
    """Writes a MIDI file whose messages are given at absolute ticks; messages at one tick keep their order."""
    file = mido.MidiFile(type=kind, ticks_per_beat=ticks_per_beat)
    for messages in tracks:
        track, position = mido.MidiTrack(), 0
        for tick, message in sorted(messages, key=lambda timed: timed[0]):
            track.append(message.copy(time=tick - position))
            position = tick
        file.tracks.append(track)
    file.save(path)
    return path


_ROOTS = [letter + accidental for letter in "ABCDEFG" for accidental in ("", "b", "#", "♭", "♯")]
_THIRDS = ("m", "-", "mi", "min", "minor", "MI", "dim", "o", "°", "ø", "h", "aug", "+", "mM", "m(maj", "-^")
_MAJORS = ("", "maj", "M", "MA", "^", "Δ")
_NUMBERS = ("", "6", "69", "6/9", "7", "9", "11", "13", "2")
_QUALITIES = ["5"] + [sign + number for sign in (*_MAJORS, *_THIRDS) for number in _NUMBERS]
_MODIFIERS = (
    [sign + degree for sign in "b#+-" for degree in ("5", "6", "9", "11", "13")]
    + ["add" + sign + degree for sign in ("", "b", "#") for degree in ("2", "3", "4", "6", "9", "11", "13")]
    + ["(b9,#11)", "(no3)", "(no5)", "omit3", "omit5", "sus", "sus2", "sus4", "alt", "+", "aug", "(9)", "(13)"]
)
_BASSES = ["", "", *("/" + root for root in _ROOTS)]
_PLAIN_CHORDS = [root + quality for root in _ROOTS for quality in ("", "m", "7", "m7", "maj7", "m7b5", "7alt", "13")]


def chord_symbols() -> st.SearchStrategy[str]:
    """Chord symbols of every spelling, joined from the parts of the language as it joins them."""
    modifiers = st.lists(st.sampled_from(_MODIFIERS), max_size=3).map("".join)
    parts = (st.sampled_from(_ROOTS), st.sampled_from(_QUALITIES), modifiers, st.sampled_from(_BASSES))
    return st.tuples(*parts).map("".join)


def chords() -> st.SearchStrategy[Chord]:
    """Chords that can be written, half of them plain ones."""
    return (st.sampled_from(_PLAIN_CHORDS) | chord_symbols()).map(parse_chord)


@st.composite
def changes_over(draw: st.DrawFn, length: int, step: int) -> Changes:
    """Spans that fill `length` ticks, each so many times `step` long, the first of them no N.C."""
    spans = [ChordSpan(0, min(step * draw(st.integers(1, 12)), length), draw(chords()))]
    while spans[-1].end < length:
        duration = min(step * draw(st.integers(1, 12)), length - spans[-1].end)
        spans.append(ChordSpan(spans[-1].end, duration, draw(st.none() | chords())))
    return tuple(spans)
