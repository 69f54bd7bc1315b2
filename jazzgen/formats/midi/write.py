"""Write scores as MIDI files that every program opens: type 1, 480 ticks, a conductor track and a named track a part.

The conductor track holds title, recipe, key, meter and tempo, and as markers the choruses, sections and chord symbols.
A part's track sets program, volume and pan at tick 0, and says how played notes are written (`told`); `bends` says
what one with gestures has. A note at tick 0 is written at tick 1, as some instruments swallow a note that comes with a
program change. At one tick note-offs come before note-ons, so that repeated notes sound; no note is shorter than
`MIN_NOTE_TICKS`. Track names are ASCII, which every program reads.
`formats.midi.readings` is the inverse.
"""

import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain, count
from pathlib import Path
from typing import Literal

import mido

from jazzgen.errors import OutputError
from jazzgen.formats.midi.bends import Said, settings, steps_of
from jazzgen.formats.midi.texts import GESTURES_TEXT, marker_text, name_text, recipe_text
from jazzgen.formats.midi.told import told_text
from jazzgen.music.score import Note, Part, Score
from jazzgen.music.timing import TICKS_PER_BEAT, Meter, bpm_to_microseconds
from jazzgen.system.files import write_bytes

# A 48th of a beat: at 120 beats a minute, 10 milliseconds. Set by hand.
MIN_NOTE_TICKS = 10
_VOLUME, _PAN = 7, 10
_NOT_IN_NAMES = re.compile(r"[^a-z0-9]+")
_FIRST_NOTE_TICK = 1
# Order at one tick: settings and texts, note-offs, bends, note-ons and chords, end of track.
_SCENE, _OFF, _BEND, _ON, _END = range(5)
_Timed = tuple[int, int, mido.Message]


@dataclass(frozen=True, slots=True)
class Layout:
    """How a score is laid out in a file.

    Attributes:
        kind: MIDI file type: 1 has a track for each part, 0 one track for all, without their names.
        chord_text: write chord symbols as text events, so that markers show only the form.
    """

    kind: Literal[0, 1] = 1
    chord_text: bool = False


def write_midi(score: Score, path: Path, recipe: Mapping[str, object] | None = None, layout: Layout = Layout()) -> None:
    """Write a score to a file, whole or not at all.

    Args:
        score: what to write; two parts may not share a channel.
        path: of the file; its folder must exist.
        recipe: how the score was made, kept in the file as text.
        layout: how it is laid out.

    Raises:
        OutputError: it cannot be written there, or its pickup is no whole number of 32nd notes.
    """
    write_bytes(path, midi_bytes(score, recipe, layout))


def write_stems(
    score: Score, path: Path, recipe: Mapping[str, object] | None = None, layout: Layout = Layout()
) -> list[Path]:
    """Write a file for each part, solo-piano.mid beside solo.mid, and return their paths."""
    stems = {path.with_stem(f"{path.stem}-{name}"): data for name, data in stems_bytes(score, recipe, layout).items()}
    for stem, data in stems.items():
        write_bytes(stem, data)
    return list(stems)


def stems_bytes(
    score: Score, recipe: Mapping[str, object] | None = None, layout: Layout = Layout()
) -> dict[str, bytes]:
    """Return the bytes of a file for each part, by the part's name as a file name: `piano`, `piano-2`."""
    stems: dict[str, bytes] = {}
    for part in score.parts:
        plain = file_name(part.name) or "part"
        names = chain([plain], (f"{plain}-{number}" for number in count(2)))
        own = None if recipe is None else {**recipe, "stem": part.name}
        stems[next(name for name in names if name not in stems)] = midi_bytes(score.with_parts(part), own, layout)
    return stems


def midi_bytes(score: Score, recipe: Mapping[str, object] | None = None, layout: Layout = Layout()) -> bytes:
    """Return the file's bytes, the same for the same score, recipe and layout.

    >>> midi_bytes(Score(parts=(Part("Solo", (Note(0, 480, 60),)),)))[:4]
    b'MThd'
    """
    conductor = list(_conductor_events(score, recipe, layout))
    parts = [list(_part_events(part)) for part in score.parts]
    midi = mido.MidiFile(type=layout.kind, ticks_per_beat=TICKS_PER_BEAT, charset="utf-8")
    if layout.kind == 1:
        tracks = [conductor, *([*_named(part.name), *events] for part, events in zip(score.parts, parts, strict=True))]
    else:
        tracks = [[*conductor, *(event for events in parts for event in events)]]
    midi.tracks += [_track(events, score.end) for events in tracks]
    buffer = io.BytesIO()
    midi.save(file=buffer)
    return buffer.getvalue()


def file_name(title: str) -> str:
    """Turn a title into a file name without suffix that every system allows; empty if no letter or digit is left.

    >>> file_name("Für Elise (Trio)")
    'fur-elise-trio'
    """
    return _NOT_IN_NAMES.sub("-", to_ascii(title).lower()).strip("-")


def to_ascii(text: str) -> str:
    """Reduce a text to ASCII: accents are dropped, letters without an ASCII form become question marks."""
    letters = (letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return "".join(letters).encode("ascii", "replace").decode()


def _named(name: str) -> Iterator[_Timed]:
    yield 0, _SCENE, mido.MetaMessage("track_name", name=to_ascii(name))
    if not name.isascii():
        yield 0, _SCENE, mido.MetaMessage("text", text=name_text(name))


def _conductor_events(score: Score, recipe: Mapping[str, object] | None, layout: Layout) -> Iterator[_Timed]:
    yield from _named(score.title)
    if recipe is not None:
        yield 0, _SCENE, mido.MetaMessage("text", text=recipe_text(recipe))
    yield 0, _SCENE, mido.MetaMessage("key_signature", key=str(score.key))
    for onset, meter in _written_meters(score):
        signature = mido.MetaMessage("time_signature", numerator=meter.numerator, denominator=meter.denominator)
        yield onset, _SCENE, signature
    for onset, bpm in score.tempos:
        yield onset, _SCENE, mido.MetaMessage("set_tempo", tempo=bpm_to_microseconds(bpm))
    for mark in score.marks:
        if text := marker_text(mark):
            yield mark.onset, _SCENE, mido.MetaMessage("marker", text=text)
    for span in score.changes:
        yield span.onset, _ON, mido.MetaMessage("text" if layout.chord_text else "marker", text=span.symbol)


def _written_meters(score: Score) -> Iterable[tuple[int, Meter]]:
    """Return the meters to write, the pickup as a first bar in a meter of its own length."""
    if not score.pickup:
        return score.meters
    denominator = next((d for d in (4, 8, 16, 32) if score.pickup % (4 * TICKS_PER_BEAT // d) == 0), None)
    if denominator is None:
        raise OutputError(
            f"'{score.title}': no meter fits its pickup of {score.pickup} ticks; fill it up with a rest to a whole beat"
        )
    short = Meter(score.pickup * denominator // (4 * TICKS_PER_BEAT), denominator)
    return ((0, short), (score.pickup, score.meter), *score.meters[1:])


def _part_events(part: Part) -> Iterator[_Timed]:
    notes = playable(part.notes)
    if text := told_text(notes):
        yield 0, _SCENE, mido.MetaMessage("text", text=text)
    yield 0, _SCENE, mido.Message("program_change", channel=part.channel, program=part.program)
    yield 0, _SCENE, mido.Message("control_change", channel=part.channel, control=_VOLUME, value=part.volume)
    yield 0, _SCENE, mido.Message("control_change", channel=part.channel, control=_PAN, value=part.pan)
    if part.gestures:
        yield 0, _SCENE, mido.MetaMessage("text", text=GESTURES_TEXT)
        yield from ((said[0], _SCENE, _said(said, part.channel)) for said in settings())
        yield from ((said[0], _BEND, _said(said, part.channel)) for said in steps_of(part, notes, _FIRST_NOTE_TICK))
    for note in notes:
        on = mido.Message("note_on", channel=part.channel, note=note.pitch, velocity=note.velocity)
        yield note.onset, _ON, on
        yield note.end, _OFF, mido.Message("note_off", channel=part.channel, note=note.pitch, velocity=0)


def _said(said: Said, channel: int) -> mido.Message:
    _, control, value = said
    if control is None:
        return mido.Message("pitchwheel", channel=channel, pitch=value)
    return mido.Message("control_change", channel=channel, control=control, value=value)


def playable(notes: Iterable[Note]) -> tuple[Note, ...]:
    """Adapt notes to a file: none at tick 0, none shorter than `MIN_NOTE_TICKS`.

    A note is left out if its pitch starts again too soon for that.
    """
    kept: list[Note] = []
    following: dict[int, int] = {}  # by pitch, the onset that comes next
    for note in sorted(notes, reverse=True):
        onset = max(note.onset, _FIRST_NOTE_TICK)
        end = min(max(note.end, onset + MIN_NOTE_TICKS), following.get(note.pitch, note.end + MIN_NOTE_TICKS))
        if end - onset >= MIN_NOTE_TICKS:
            kept.append(replace(note.started_at(onset), duration=end - onset))
            following[note.pitch] = onset
    return tuple(sorted(kept))


def _track(events: Iterable[_Timed], end: int) -> mido.MidiTrack:
    track = mido.MidiTrack()
    position = 0
    ordered = sorted(events, key=lambda event: event[:2])
    for tick, _, message in [*ordered, (max(end, position), _END, mido.MetaMessage("end_of_track"))]:
        track.append(message.copy(time=max(tick - position, 0)))
        position = max(tick, position)
    return track
