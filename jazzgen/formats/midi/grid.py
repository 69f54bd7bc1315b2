"""Align notes that were played without a click to the beats tracked in them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from jazzgen.formats.midi.events import MidiEvents
from jazzgen.formats.midi.voices import Voice
from jazzgen.formats.reading import ReadOptions
from jazzgen.music.gesture import shifted
from jazzgen.music.melody import TOGETHER_TICKS, Notes, apart
from jazzgen.music.pulse import Beats, concentration, find_beats, fits_grid
from jazzgen.music.timing import MAX_BPM, MIN_BPM, TICKS_PER_BEAT, tempo_seconds

# Basses and left hands mark the beat more clearly, so pitches below `_LOW` (G3) count double. Set by hand.
_LOW = 55
_LOW_WEIGHT = 2.0
_ASK = "say at which tempo it was played, and when bar 1 begins"


def on_its_grid(events: MidiEvents, options: ReadOptions) -> tuple[MidiEvents, tuple[str, ...]]:
    """Return the events on beats that their notes fit, and warnings.

    If the notes fit the file's own beats, only a tempo or start of bar 1 that `options` asks for is changed.
    """
    onsets = _onsets(events.voices)
    if fits_grid(onsets) or _is_told(events.voices):
        return _asked(events, options), ()
    slow = f"its notes do not fit its beats at {events.tempos[0][1]:g} beats a minute, as if played without a click"
    times = _seconds(events, onsets)
    beats = find_beats(times, _weights(events.voices), options.bpm)
    if beats is None or concentration(beats.place(times)) < max(
        2 * concentration(np.array(onsets) / TICKS_PER_BEAT), 0.2
    ):
        return _asked(events, options), (f"{slow}, and no steady beat is found; {_ASK}",)
    first = _downbeat(events, beats, options.downbeat)
    heard = "as asked" if options.bpm else "found in them, which may be half or twice the one meant"
    bar = f"bar 1 beginning at {float(np.interp(first, np.arange(len(beats.times)), beats.times)):.2f} s"
    warning = f"{slow}; they are read at {beats.bpm:.4g} beats a minute, {heard}, {bar}"
    return _moved(events, beats, first), (warning,)


def _onsets(voices: Iterable[Voice]) -> list[int]:
    return [note.onset for voice in voices for note in voice.notes]


def _is_told(voices: Iterable[Voice]) -> bool:
    """Return True if a line says where its notes are written, and so that the file's beats are meant."""
    return any(note.written is not None for voice in voices for note in voice.notes)


def _weights(voices: Iterable[Voice]) -> np.ndarray:
    pitched = ((note, voice.is_drums) for voice in voices for note in voice.notes)
    return np.array([_LOW_WEIGHT if note.pitch < _LOW and not drums else 1.0 for note, drums in pitched])


def _seconds(events: MidiEvents, ticks: Iterable[int]) -> np.ndarray:
    starts = np.array([onset for onset, _ in events.tempos], float)
    times = np.array([tempo_seconds(events.tempos, onset) for onset, _ in events.tempos])
    rates = np.array([60 / bpm / TICKS_PER_BEAT for _, bpm in events.tempos])
    places = np.array(list(ticks), float)
    which = np.searchsorted(starts, places, side="right") - 1
    return np.asarray(times[which] + (places - starts[which]) * rates[which])


def _asked(events: MidiEvents, options: ReadOptions) -> MidiEvents:
    """Apply the tempo asked for, and shift everything so that a bar begins at the downbeat asked for."""
    if options.downbeat is not None:
        first = round(float(np.interp(options.downbeat, *_clock(events))))
        bar = events.meters[0][1].bar_ticks
        events = _shifted(events, -first % bar)
    return events if options.bpm is None else replace(events, tempos=((0, options.bpm),), says_tempo=True)


def _clock(events: MidiEvents) -> tuple[np.ndarray, np.ndarray]:
    """Return the times in seconds, and their ticks, of the start, every tempo change and the end of the last note."""
    end = max((note.end for voice in events.voices for note in voice.notes), default=1)
    ticks = sorted({0, end, *(onset for onset, _ in events.tempos)})
    return _seconds(events, ticks), np.array(ticks, float)


def _shifted(events: MidiEvents, ticks: int) -> MidiEvents:
    """Move everything later by `ticks`, except the tempo and meter at tick 0."""
    return replace(
        events,
        voices=tuple(
            replace(
                voice,
                notes=tuple(replace(note, onset=note.onset + ticks) for note in voice.notes),
                gestures=shifted(voice.gestures, ticks),
            )
            for voice in events.voices
        ),
        texts=tuple(replace(text, onset=text.onset + ticks) for text in events.texts),
        tempos=tuple((onset and onset + ticks, bpm) for onset, bpm in events.tempos),
        meters=tuple((onset and onset + ticks, meter) for onset, meter in events.meters),
    )


def _downbeat(events: MidiEvents, beats: Beats, seconds: float | None) -> int:
    """Return the index of the beat that bar 1 begins with: the one asked for, or where most long, low notes start."""
    if seconds is not None:
        return round(float(beats.place(np.array([seconds]))[0]))
    notes = [note for voice in events.voices if not voice.is_drums for note in voice.notes]
    near = np.rint(beats.place(_seconds(events, [note.onset for note in notes]))).astype(int)
    length = np.array([min(note.duration, 4 * TICKS_PER_BEAT) for note in notes], float)
    low = np.where(np.array([note.pitch for note in notes]) < _LOW, _LOW_WEIGHT, 1.0)
    size = events.meters[0][1].bar_ticks // TICKS_PER_BEAT or 1
    weights = np.bincount(near % size, weights=length * low, minlength=size)
    best = int(np.argmax(weights))
    return best + int((near.min() - best) // size) * size


def _moved(events: MidiEvents, beats: Beats, first: int) -> MidiEvents:
    """Move events to ticks of those beats; bar 1 begins on beat `first`, or whole bars earlier if the music does."""
    size = events.meters[0][1].bar_ticks // TICKS_PER_BEAT or 1
    onsets = _seconds(events, _onsets(events.voices))
    earliest = float(beats.place(onsets).min())
    start = first + int(np.floor((earliest - first + TOGETHER_TICKS / TICKS_PER_BEAT) / size)) * size
    tick = partial(_ticks, events, beats, start)
    texts = zip(events.texts, tick([text.onset for text in events.texts]), strict=True)
    return replace(
        events,
        voices=tuple(replace(voice, notes=_notes_at(voice.notes, tick), gestures=()) for voice in events.voices),
        texts=tuple(replace(text, onset=int(onset)) for text, onset in texts),
        tempos=tuple(_tempos(beats, start, size)),
        meters=((0, events.meters[0][1]),),
    )


def _ticks(events: MidiEvents, beats: Beats, start: int, ticks: Sequence[int]) -> np.ndarray:
    """Convert the file's ticks to ticks since beat `start`, never below 0."""
    places = beats.place(_seconds(events, ticks)) - start
    return np.maximum(np.rint(places * TICKS_PER_BEAT).astype(int), 0)


def _notes_at(notes: Notes, tick: Callable[[Sequence[int]], np.ndarray]) -> Notes:
    onsets, ends = tick([note.onset for note in notes]), tick([note.end for note in notes])
    moved = zip(notes, onsets, ends, strict=True)
    return apart(replace(n, onset=int(onset), duration=max(int(end - onset), 1)) for n, onset, end in moved)


def _tempos(beats: Beats, start: int, size: int) -> Iterator[tuple[int, float]]:
    """Yield (tick, bpm): one tempo if it is steady, else one a bar of `size` beats."""
    if beats.steady:
        yield 0, round(beats.bpm, 2)
        return
    last = len(beats.times) - 1
    for bar, beat in enumerate(range(start, last, size)):
        first, stop = np.clip([beat, beat + size], 0, last)
        if stop > first:
            bpm = 60.0 * (stop - first) / float(beats.times[stop] - beats.times[first])
            yield (0 if first == 0 else bar * size * TICKS_PER_BEAT), float(np.clip(round(bpm, 2), MIN_BPM, MAX_BPM))
