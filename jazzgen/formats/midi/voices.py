"""Divide a MIDI file into lines, each with its first program, volume and pan.

A track of type 1 is one line even if it has several channels: guitars use one a string, expressive keyboards (MPE) one
a finger. But channels with different programs are different lines, and so is channel 10. Type 0 is divided by channel,
unless the channels together play one note at a time, as a guitar's strings do.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise

from jazzgen.formats.midi.bends import read_gestures
from jazzgen.formats.midi.messages import CONTROLLER, META, PAN, PROGRAM, VOLUME, MidiBytes, Track, nearest
from jazzgen.formats.midi.pairing import paired
from jazzgen.music.gesture import Gestures
from jazzgen.music.melody import Notes, apart
from jazzgen.music.score import DRUM_CHANNEL, Note

_PORT = 0x21  # type of meta event
_DEFAULTS = {PROGRAM: 0, VOLUME: 100, PAN: 64}
_MOST_DATA = 127
# Channels are one line if this share of notes starts after the one before has ended; strings ring on a little. Set by
# hand, as is the next.
_MONOPHONIC_SHARE = 0.9
# Channels that one instrument's strings or fingers take up, at least.
_FEWEST_STRINGS = 3
_Settings = Mapping[tuple[int, int, int], Sequence[tuple[int, int, int]]]


@dataclass(frozen=True, slots=True)
class Voice:
    """A line of notes.

    Attributes:
        track: number of the track in the file, from 0.
        name: of the track; empty in type 0, where it is the tune's.
        channel: of most of its notes.
        program: at the first note, 0 if none is set.
        notes: polyphonic or not, but no two of one pitch at once.
        volume, pan: at the first note.
        says_program: whether the file sets the program.
        later_programs: number of program changes after the first note.
        doubled: number of notes left out because the same pitch starts in the same tick.
        hand: "left hand" or "right hand" if a keyboard part was split, else empty.
        in_type_0: whether the file has all players in one track.
        gestures: of its notes, in files by jazzgen.
    """

    track: int
    name: str
    channel: int
    program: int
    notes: Notes
    volume: int = 100
    pan: int = 64
    says_program: bool = False
    later_programs: int = 0
    doubled: int = 0
    hand: str = ""
    in_type_0: bool = False
    gestures: Gestures = ()

    @property
    def is_drums(self) -> bool:
        return self.channel == DRUM_CHANNEL

    @property
    def number(self) -> int:
        return self.track

    @property
    def mean_pitch(self) -> float:
        return sum(note.pitch for note in self.notes) / len(self.notes)

    def __str__(self) -> str:
        track = f"track {self.track} '{self.name}'" if self.name else f"track {self.track} (channel {self.channel + 1})"
        return f"{self.hand} of {track}" if self.hand else track


def voices_of(midi: MidiBytes, names: Sequence[str]) -> tuple[Voice, ...]:
    """Return the lines of all tracks; `names` has one for each track."""
    settings = _settings(midi)
    found = [_notes_by_channel(track, midi) for track in midi.tracks]
    alone = midi.kind == 0 or sum(map(bool, found)) == 1
    return tuple(
        _of_file(_voice(number, names[number], port_of(midi.tracks[number]), channels, by_channel, settings), midi)
        for number, by_channel in enumerate(found)
        for channels in _lines(number, by_channel, port_of(midi.tracks[number]), settings, alone=alone)
    )


def _of_file(voice: Voice, midi: MidiBytes) -> Voice:
    gestures = read_gestures(midi.tracks[voice.track], voice.channel, voice.notes, midi)
    return replace(voice, in_type_0=midi.kind == 0, gestures=gestures)


def port_of(track: Track) -> int:
    """Return a track's MIDI port, 0 if it sets none; each port has sixteen channels of its own."""
    return next((content[0] for _, kind, content in track.metas if kind == _PORT and content), 0)


def first_settings(midi: MidiBytes) -> set[tuple[int, int, int]]:
    """Return (track, channel, controller) for each volume and pan that a track sets; only its first value is kept."""
    return {
        (number, status & 0xF, first)
        for number, track in enumerate(midi.tracks)
        for _, status, first, _ in track.others
        if status >> 4 == CONTROLLER and first in (VOLUME, PAN)
    }


def _notes_by_channel(track: Track, midi: MidiBytes) -> dict[int, list[Note]]:
    notes: dict[int, list[Note]] = defaultdict(list)
    up, half, down = 2 * midi.scale.numerator, midi.scale.denominator, 2 * midi.scale.denominator
    for channel, pitch, start, stop, velocity, _, _ in paired(track.notes, track.end).notes:
        onset, end = (up * start + half) // down, (up * stop + half) // down  # the nearest ticks, as `nearest` has it
        notes[channel].append(Note(onset, end - onset if end > onset else 1, pitch, velocity))
    return dict(sorted(notes.items()))


def _settings(midi: MidiBytes) -> _Settings:
    """Map (port, channel, `PROGRAM` or controller) to its (tick, track, value) in order of time."""
    found: dict[tuple[int, int, int], list[tuple[int, int, int]]] = defaultdict(list)
    scale = midi.scale
    for number, track in enumerate(midi.tracks):
        port = port_of(track)
        for tick, status, first, second in track.others:
            kind = status >> 4
            if kind == PROGRAM:
                found[port, status & 0xF, PROGRAM].append((nearest(tick, scale), number, first & _MOST_DATA))
            elif kind == CONTROLLER and first in (VOLUME, PAN) and status != META:
                found[port, status & 0xF, first].append((nearest(tick, scale), number, second & _MOST_DATA))
    return {key: sorted(entries, key=lambda entry: entry[0]) for key, entries in found.items()}


def _in_force(settings: _Settings, key: tuple[int, int, int], track: int, tick: int) -> int | None:
    """Return the value in force at a tick, set by the track itself if it ever does, else by any; None if never set."""
    entries = settings.get(key, ())
    own = [entry for entry in entries if entry[1] == track]
    before = [value for onset, _, value in own or entries if onset <= tick]
    return before[-1] if before else own[0][2] if own else None


def _lines(
    number: int, by_channel: Mapping[int, list[Note]], port: int, settings: _Settings, *, alone: bool
) -> Iterator[list[int]]:
    """Yield the channels of each line of a track."""
    pitched = [channel for channel in by_channel if channel != DRUM_CHANNEL]
    told = {_in_force(settings, (port, channel, PROGRAM), number, by_channel[channel][0].onset) for channel in pitched}
    strings = list(by_channel) if len(pitched) >= DRUM_CHANNEL - 1 else pitched
    if len(pitched) < 2 or len(told - {None}) > 1 or (alone and not _is_one_instrument(by_channel, pitched)):
        yield from ([channel] for channel in by_channel)
        return
    yield strings
    if DRUM_CHANNEL in by_channel and DRUM_CHANNEL not in strings:
        yield [DRUM_CHANNEL]


def _is_one_instrument(by_channel: Mapping[int, list[Note]], channels: Sequence[int]) -> bool:
    """Return whether three or more channels together play one note at a time."""
    joined = sorted(chain.from_iterable(by_channel[channel] for channel in channels))
    together = sum(b.onset >= a.end for a, b in pairwise(joined))
    return len(channels) >= _FEWEST_STRINGS and together >= _MONOPHONIC_SHARE * (len(joined) - 1)


def _voice(
    number: int,
    name: str,
    port: int,
    channels: Sequence[int],
    by_channel: Mapping[int, list[Note]],
    settings: _Settings,
) -> Voice:
    channel = max(channels, key=lambda c: len(by_channel[c]))
    notes = _from_start(list(chain.from_iterable(by_channel[c] for c in channels)))
    line = apart(notes)
    start = min(note.onset for note in notes)
    program = next(filter(_is_set, (_in_force(settings, (port, c, PROGRAM), number, start) for c in channels)), None)
    sound = {kind: _in_force(settings, (port, channel, kind), number, start) for kind in (VOLUME, PAN)}
    changes = [
        value for tick, track, value in settings.get((port, channel, PROGRAM), ()) if track == number and tick > start
    ]
    return Voice(
        track=number,
        name=name,
        channel=channel,
        program=program or 0,
        notes=line,
        volume=_or_default(sound, VOLUME),
        pan=_or_default(sound, PAN),
        says_program=program is not None,
        later_programs=sum(a != b for a, b in pairwise([program, *changes])),
        doubled=len(notes) - len(line),
    )


def _is_set(value: int | None) -> bool:
    return value is not None


def _or_default(sound: Mapping[int, int | None], kind: int) -> int:
    value = sound[kind]
    return _DEFAULTS[kind] if value is None else value


def _from_start(notes: Iterable[Note]) -> list[Note]:
    """Move notes at tick 1 to tick 0 if none is there; they were written late to leave room for a program change."""
    found = list(notes)
    if min(note.onset for note in found) != 1:
        return found
    return [replace(note, onset=0, duration=note.end) if note.onset == 1 else note for note in found]
