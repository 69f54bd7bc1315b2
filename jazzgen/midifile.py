"""Scores as standard MIDI files that open right: type 1, 480 ticks, a conductor track and a named track a part.

The conductor track holds title, recipe, key, meter and tempo, and the chord symbols as markers. At one tick note-offs
come before note-ons, so that repeated notes sound. `corpus.midi.readings` is the inverse.
"""

import io
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import mido

from jazzgen.errors import OutputError
from jazzgen.files import write_bytes
from jazzgen.score import Part, Score
from jazzgen.timing import TICKS_PER_BEAT, Meter, bpm_to_microseconds

RECIPE_PREFIX = "jazzgen recipe: "
# At one tick: what sets the scene, then endings, then beginnings.
_SCENE, _OFF, _ON, _END = range(4)
_Timed = tuple[int, int, mido.Message]


def write_midi(score: Score, path: Path, recipe: Mapping[str, object] | None = None) -> None:
    """Writes the file whole or not at all.

    Args:
        score: what to write; two parts may not share a channel.
        path: where to; its folder must be there.
        recipe: how the score was made, kept in the file as text.

    Raises:
        OutputError: when it cannot be written there, or its pickup is no whole number of 32nd notes.
    """
    write_bytes(path, midi_bytes(score, recipe))


def midi_bytes(score: Score, recipe: Mapping[str, object] | None = None) -> bytes:
    """The file's bytes: the same for the same score and recipe."""
    midi = mido.MidiFile(type=1, ticks_per_beat=TICKS_PER_BEAT, charset="utf-8")
    midi.tracks.append(_track(_conductor_events(score, recipe), score.end))
    midi.tracks += [_track(_part_events(part), score.end) for part in score.parts]
    buffer = io.BytesIO()
    midi.save(file=buffer)
    return buffer.getvalue()


def _conductor_events(score: Score, recipe: Mapping[str, object] | None) -> Iterable[_Timed]:
    yield 0, _SCENE, mido.MetaMessage("track_name", name=score.title)
    if recipe is not None:
        text = RECIPE_PREFIX + json.dumps(recipe, ensure_ascii=False, sort_keys=True)
        yield 0, _SCENE, mido.MetaMessage("text", text=text)
    yield 0, _SCENE, mido.MetaMessage("key_signature", key=str(score.key))
    for onset, meter in _written_meters(score):
        signature = mido.MetaMessage("time_signature", numerator=meter.numerator, denominator=meter.denominator)
        yield onset, _SCENE, signature
    for onset, bpm in score.tempos:
        yield onset, _SCENE, mido.MetaMessage("set_tempo", tempo=bpm_to_microseconds(bpm))
    for span in score.changes:
        yield span.onset, _ON, mido.MetaMessage("marker", text=span.symbol)


def _written_meters(score: Score) -> Iterable[tuple[int, Meter]]:
    """A pickup is written as a first bar in a meter of its own length."""
    if not score.pickup:
        return score.meters
    denominator = next((d for d in (4, 8, 16, 32) if score.pickup % (4 * TICKS_PER_BEAT // d) == 0), None)
    if denominator is None:
        raise OutputError(
            f"'{score.title}': no meter fits its pickup of {score.pickup} ticks; fill it up with a rest to a whole beat"
        )
    short = Meter(score.pickup * denominator // (4 * TICKS_PER_BEAT), denominator)
    return ((0, short), (score.pickup, score.meter), *score.meters[1:])


def _part_events(part: Part) -> Iterable[_Timed]:
    yield 0, _SCENE, mido.MetaMessage("track_name", name=part.name)
    yield 0, _SCENE, mido.Message("program_change", channel=part.channel, program=part.program)
    for note in part.notes:
        on = mido.Message("note_on", channel=part.channel, note=note.pitch, velocity=note.velocity)
        yield note.onset, _ON, on
        yield note.end, _OFF, mido.Message("note_off", channel=part.channel, note=note.pitch, velocity=0)


def _track(events: Iterable[_Timed], end: int) -> mido.MidiTrack:
    track = mido.MidiTrack()
    position = 0
    ordered = sorted(events, key=lambda event: event[:2])
    for tick, _, message in [*ordered, (max(end, position), _END, mido.MetaMessage("end_of_track"))]:
        track.append(message.copy(time=max(tick - position, 0)))
        position = max(tick, position)
    return track
