"""The checks: each looks for one thing that trips a DAW, and says where it is and what to do."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from jazzgen.doctor.song import Event, Places, Song, Struck, is_note_on, notes_of
from jazzgen.formats.midi.write import MIN_NOTE_TICKS
from jazzgen.harmony.pitch import pitch_name
from jazzgen.music.score import DRUM_CHANNEL

Severity = Literal["error", "warning", "note"]
_DRUM_NAMES = re.compile(r"\b(?:drums?|drum ?kit|percussion)\b", re.I)
GLOBAL = ("set_tempo", "time_signature", "key_signature")


@dataclass(frozen=True, slots=True)
class Check:
    """What is looked for.

    Attributes:
        severity: an error breaks the music somewhere, a warning trips some programs, a note is worth knowing.
        why: what it does in a DAW.
        mends: whether `mend.mended` takes care of it.
    """

    name: str
    severity: Severity
    why: str
    mends: bool = True


CHECKS: Mapping[str, Check] = {
    check.name: check
    for check in (
        Check("damaged", "error", "programs refuse it or read a part of it; export it again"),
        Check("type-2", "error", "hardly any program reads it; export it as type 1", mends=False),
        Check("film-frames", "error", "bars and tempo are lost; export it with ticks a quarter note", mends=False),
        Check("no-tempo", "warning", "each program takes a tempo of its own"),
        Check("late-tempo", "warning", "until then each program takes a tempo of its own"),
        Check("no-meter", "warning", "each program takes a meter of its own"),
        Check("late-meter", "warning", "until then each program takes a meter of its own"),
        Check("tempo-off-conductor", "warning", "many programs read tempo and meter in the first track alone"),
        Check("notes-in-conductor", "warning", "some programs drop the notes of the first track"),
        Check("shared-channel", "warning", "the tracks get one instrument"),
        Check("drums-off-10", "warning", "the drums are played by a pitched instrument"),
        Check("unnamed-track", "warning", "nobody knows what it is"),
        Check("non-ascii-name", "warning", "some programs garble it"),
        Check("overlap", "error", "one of the two is cut or hangs"),
        Check("off-after-on", "error", "the new note is cut at once"),
        Check("no-note-off", "error", "it sounds for ever"),
        Check("stray-note-off", "note", "it ends nothing"),
        Check("zero-length", "error", "it is dropped or hangs"),
        Check("short-note", "warning", f"shorter than {MIN_NOTE_TICKS} ticks of 480: it is hardly heard, or dropped"),
        Check("note-at-program-change", "warning", "it may sound with the program before, or not at all"),
        Check("end-of-track", "error", "what comes after it is lost"),
        Check("leading-silence", "note", "some programs cut it off, and bar 1 is another then", mends=False),
    )
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something found: by which check, in which track (counted from 0, None for the file), at which tick, and what."""

    check: str
    track: int | None
    tick: int
    what: str

    @property
    def severity(self) -> Severity:
        return CHECKS[self.check].severity


def examine(song: Song) -> list[Finding]:
    """Everything that is found, in the order of the checks."""
    found = [finding for check in _EXAMINERS for finding in check(song)]
    order = list(CHECKS)
    return sorted(found, key=lambda finding: (order.index(finding.check), finding.track or 0, finding.tick))


def is_sound(findings: list[Finding]) -> bool:
    """True if nothing is worse than a note."""
    return all(finding.severity == "note" for finding in findings)


def _file(song: Song) -> Iterator[Finding]:
    if song.damage:
        yield Finding("damaged", None, 0, song.damage)
    if song.kind == 2:
        yield Finding("type-2", None, 0, "the file is of type 2")
    if song.division < 0:
        yield Finding("film-frames", None, 0, "its times are film frames")


def _conductor(song: Song) -> Iterator[Finding]:
    for kind, word in (("set_tempo", "tempo"), ("time_signature", "meter")):
        ticks = [event.tick for track in song.tracks for event in track if event.kind == kind]
        if not ticks:
            yield Finding(f"no-{word}", None, 0, f"no {word} is set")
        elif min(ticks) > 0:
            yield Finding(f"late-{word}", None, min(ticks), f"the first {word} comes late")
    if song.kind != 1:
        return
    for number, track in enumerate(song.tracks[1:], 1):
        for event in track:
            if event.kind in GLOBAL[:2]:
                yield Finding("tempo-off-conductor", number, event.tick, f"{event.kind} is not in the first track")
    first = next((event.tick for event in song.tracks[0] if is_note_on(event)), None) if song.tracks else None
    if first is not None:
        yield Finding("notes-in-conductor", 0, first, "the first track has notes")


def channels_of(track: tuple[Event, ...]) -> list[int]:
    """The channels that a track has notes on."""
    return list(dict.fromkeys(event.message.channel for event in track if is_note_on(event)))


def misplaced_drums(song: Song) -> list[int]:
    """Tracks that are called drums and have notes, none of them on channel 10."""
    return [
        number
        for number, track in enumerate(song.tracks)
        if _DRUM_NAMES.search(song.name(number)) and channels_of(track) and DRUM_CHANNEL not in channels_of(track)
    ]


def _tracks(song: Song) -> Iterator[Finding]:
    owners: dict[int, int] = {}
    for number, track in enumerate(song.tracks):
        channels = channels_of(track)
        for channel in channels:
            owner = owners.setdefault(channel, number)
            if owner != number and channel != DRUM_CHANNEL:
                what = f"channel {channel + 1} is that of track {owner} too"
                yield Finding("shared-channel", number, 0, what)
        name = song.name(number)
        if channels and not name and song.kind == 1:
            yield Finding("unnamed-track", number, 0, "the track has notes and no name")
        if not name.isascii():
            yield Finding("non-ascii-name", number, 0, f"its name is '{name}'")
    for number in misplaced_drums(song):
        channel = channels_of(song.tracks[number])[0] + 1
        yield Finding("drums-off-10", number, 0, f"it is called drums and plays on channel {channel}")


def _ends(song: Song) -> Iterator[Finding]:
    for number, track in enumerate(song.tracks):
        places = [place for place, event in enumerate(track) if event.kind == "end_of_track"]
        if places != [len(track) - 1]:
            tick = track[places[0]].tick if places else max((event.tick for event in track), default=0)
            yield Finding("end-of-track", number, tick, "it is missing" if not places else "events come after it")


def _notes(song: Song) -> Iterator[Finding]:
    for number, track in enumerate(song.tracks):
        notes, stray = notes_of(track)
        for place in stray:
            pitch = pitch_name(track[place].message.note)
            yield Finding("stray-note-off", number, track[place].tick, f"{pitch} ends and did not sound")
        yield from _struck(song, number, notes)
        yield from _at_program_changes(number, track, notes)


def _struck(song: Song, number: int, notes: list[Struck]) -> Iterator[Finding]:
    shortest = song.scaled(MIN_NOTE_TICKS)
    sounding: dict[tuple[int, int], Struck] = {}
    for note in notes:
        name, key = pitch_name(note.pitch), (note.channel, note.pitch)
        before = sounding.get(key)
        if before and before.end > note.onset:
            yield Finding("overlap", number, note.onset, f"{name} starts while it sounds")
        elif before and before.off is not None and before.off > note.on:
            yield Finding(
                "off-after-on", number, note.onset, f"{name} ends after it has started again at the same tick"
            )
        if before is None or note.end >= before.end:
            sounding[key] = note
        if note.off is None:
            yield Finding("no-note-off", number, note.onset, f"{name} never ends")
        elif note.end == note.onset:
            yield Finding("zero-length", number, note.onset, f"{name} lasts no time")
        elif note.end - note.onset < shortest:
            yield Finding("short-note", number, note.onset, f"{name} lasts {note.end - note.onset} ticks")


def _at_program_changes(number: int, track: tuple[Event, ...], notes: list[Struck]) -> Iterator[Finding]:
    changes = {(event.tick, event.message.channel) for event in track if event.kind == "program_change"}
    for note in notes:
        if (note.onset, note.channel) in changes:
            yield Finding("note-at-program-change", number, note.onset, f"{pitch_name(note.pitch)} starts with it")


def _silence(song: Song) -> Iterator[Finding]:
    onsets = [event.tick for track in song.tracks for event in track if is_note_on(event)]
    bar = Places(song).bar_ticks
    if onsets and min(onsets) >= bar:
        yield Finding("leading-silence", None, min(onsets), f"nothing sounds for {min(onsets) / bar:.3g} bars")


_EXAMINERS: tuple[Callable[[Song], Iterator[Finding]], ...] = (
    _file,
    _conductor,
    _tracks,
    _ends,
    _notes,
    _silence,
)
