"""Check a MIDI file for what trips DAWs; each finding says where it is, and its check why it matters."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from jazzgen.doctor.bends import bend_flaws
from jazzgen.doctor.song import Events, Places, Song, as_midi, notes_of
from jazzgen.formats.midi.events import METER, TEMPO
from jazzgen.formats.midi.pairing import Paired
from jazzgen.formats.midi.roles import is_kit
from jazzgen.formats.midi.voices import voices_of
from jazzgen.formats.midi.write import MIN_NOTE_TICKS
from jazzgen.harmony.changes import MAX_BARS
from jazzgen.harmony.pitch import pitch_name
from jazzgen.music.score import DRUM_CHANNEL

Severity = Literal["error", "warning", "note"]
GLOBAL = {TEMPO: "tempo", METER: "meter"}


@dataclass(frozen=True, slots=True)
class Check:
    """A kind of flaw.

    Attributes:
        severity: an error breaks the music somewhere, a warning trips some programs, a note is worth knowing.
        why: what happens in a DAW, and the cure where there is one to tell.
        mends: whether `mend.mended` removes it.
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
        Check("too-long", "error", "no reader takes it; cut it, or mend the times in it", mends=False),
        Check("nonsense", "error", "some programs refuse the file for it"),
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
        Check("no-bend-range", "note", "each program bends by its own, most by 2 half steps", mends=False),
        Check("odd-bend-range", "note", "many programs cannot bend like that", mends=False),
        Check("held-bend", "note", "if that is not meant, it is out of tune", mends=False),
        Check("end-of-track", "error", "what comes after it is lost"),
        Check("leading-silence", "note", "some programs cut it off, and bar 1 is another then", mends=False),
    )
}


@dataclass(frozen=True, slots=True)
class Finding:
    """A flaw found in a file.

    Attributes:
        check: name of the check.
        track: counted from 0; None for the whole file.
        tick: in the file's own division.
        what: the flaw in a few words.
    """

    check: str
    track: int | None
    tick: int
    what: str

    @property
    def severity(self) -> Severity:
        return CHECKS[self.check].severity


def examine(song: Song) -> list[Finding]:
    """Return all findings, in the order of `CHECKS`.

    Example:
        >>> from jazzgen.doctor.song import Event
        >>> song = Song(1, 480, ((), (Event(0, 0x90, bytes([60, 80])), Event(480, 0x80, bytes([60, 0])))))
        >>> [finding.check for finding in examine(song) if finding.severity == "error"]
        ['end-of-track', 'end-of-track']
    """
    found = [finding for check in _EXAMINERS for finding in check(song)]
    order = list(CHECKS)
    return sorted(found, key=lambda finding: (order.index(finding.check), finding.track or 0, finding.tick))


def is_sound(findings: Sequence[Finding]) -> bool:
    """Return whether no finding is worse than a note."""
    return all(finding.severity == "note" for finding in findings)


def _file(song: Song) -> Iterator[Finding]:
    for what in song.damage:
        yield Finding("damaged", None, 0, what)
    if song.kind == 2:
        yield Finding("type-2", None, 0, "the file is of type 2")
    if song.division < 0:
        yield Finding("film-frames", None, 0, "its times are film frames")
    end = max((event.tick for track in song.tracks for event in track if event.is_note), default=0)
    bars = Places(song).bar(end)
    if bars > MAX_BARS:
        yield Finding("too-long", None, end, f"its music lasts {bars} bars, more than {MAX_BARS}")


def _nonsense(song: Song) -> Iterator[Finding]:
    for number, track in enumerate(song.tracks):
        for event in track:
            if not event.is_sound:
                what = GLOBAL.get(event.meta, "key") if event.is_meta else "message"
                yield Finding("nonsense", number, event.tick, f"a {what} that makes no sense: {event.data.hex(' ')}")


def _conductor(song: Song) -> Iterator[Finding]:
    for kind, word in GLOBAL.items():
        ticks = [e.tick for track in song.tracks for e in track if e.is_meta and e.meta == kind and e.is_sound]
        if not ticks:
            yield Finding(f"no-{word}", None, 0, f"no {word} is set")
        elif min(ticks) > 0:
            yield Finding(f"late-{word}", None, min(ticks), f"the first {word} comes late")
    if song.kind != 1:
        return
    for number, track in enumerate(song.tracks[1:], 1):
        for event in track:
            if event.is_meta and event.meta in GLOBAL:
                what = f"a {GLOBAL[event.meta]} is not in the first track"
                yield Finding("tempo-off-conductor", number, event.tick, what)
    first = next((event.tick for event in song.tracks[0] if event.is_note_on), None) if song.tracks else None
    if first is not None:
        yield Finding("notes-in-conductor", 0, first, "the first track has notes")


def channels_of(track: Events) -> list[int]:
    """Return the channels that a track has notes on, in order of their first notes."""
    return list(dict.fromkeys(event.status & 0xF for event in track if event.is_note_on))


def misplaced_drums(song: Song) -> list[tuple[int, int]]:
    """Return (track, channel) of drum kits off channel 10, by the same rule as the reader of scores."""
    voices = voices_of(as_midi(song), [song.name(number) for number in range(len(song.tracks))])
    return [(v.track, v.channel) for v in voices if not v.is_drums and is_kit(v.notes, v.name, v.program)]


def _tracks(song: Song) -> Iterator[Finding]:
    owners: dict[tuple[int, int], int] = {}
    for number, track in enumerate(song.tracks):
        channels = channels_of(track)
        port = song.port(number)
        for channel in channels:
            owner = owners.setdefault((port, channel), number)
            if owner != number and channel != DRUM_CHANNEL:
                what = f"channel {channel + 1} is that of track {owner} too"
                yield Finding("shared-channel", number, 0, what)
        name = song.name(number)
        if channels and not name and song.kind == 1:
            yield Finding("unnamed-track", number, 0, "the track has notes and no name")
        if not name.isascii():
            yield Finding("non-ascii-name", number, 0, f"its name is '{name}'")
    for number, channel in misplaced_drums(song):
        yield Finding("drums-off-10", number, 0, f"it is a drum kit and plays on channel {channel + 1}")


def _ends(song: Song) -> Iterator[Finding]:
    unread = dict(song.unread)
    for number, track in enumerate(song.tracks):
        end = max((event.tick for event in track), default=0)
        if not track or not track[-1].is_end:
            yield Finding("end-of-track", number, end, "it is missing")
        elif number in unread:
            yield Finding("end-of-track", number, end, f"{unread[number]} bytes stand after it")


def _notes(song: Song) -> Iterator[Finding]:
    for number, track in enumerate(song.tracks):
        found = notes_of(track)
        for place in found.stray:
            pitch = pitch_name(track[place].pitch)
            yield Finding("stray-note-off", number, track[place].tick, f"{pitch} ends and did not sound")
        yield from _struck(song, number, found)
        yield from _at_program_changes(number, track)


def _struck(song: Song, number: int, found: Paired) -> Iterator[Finding]:
    track = song.tracks[number]
    shortest = song.scaled(MIN_NOTE_TICKS)
    rooms = room_of(found)
    late = {(track[place].status & 0xF, track[place].pitch, track[place].tick) for place in found.late}
    for channel, pitch, onset, end, _, on, off in found.notes:
        name = pitch_name(pitch)
        length = end - onset
        if off < 0:
            yield Finding("no-note-off", number, onset, f"{name} never ends")
        elif track[off].is_note_on and (channel, pitch, end) in late:
            yield Finding("off-after-on", number, end, f"{name} ends after it has started again at the same tick")
        elif track[off].is_note_on:
            yield Finding("overlap", number, end, f"{name} starts while it sounds")
        elif not length:
            yield Finding("zero-length", number, onset, f"{name} lasts no time")
        if off >= 0 and 0 < length < min(shortest, rooms[on]):
            yield Finding("short-note", number, onset, f"{name} lasts {length} ticks")


def room_of(found: Paired) -> Mapping[int, float]:
    """Map the index of each note-on to the ticks until its pitch next starts; infinite for the last."""
    rooms: dict[int, float] = {}
    following: dict[tuple[int, int], int] = {}
    for channel, pitch, onset, _, _, on, _ in sorted(found.notes, key=lambda note: note[2], reverse=True):
        after = following.get((channel, pitch))
        rooms[on] = float("inf") if after is None else after - onset
        following[channel, pitch] = onset
    return rooms


def _at_program_changes(number: int, track: Events) -> Iterator[Finding]:
    changes = {(event.tick, event.channel) for event in track if event.is_program}
    for event in track:
        if event.is_note_on and (event.tick, event.channel) in changes:
            yield Finding("note-at-program-change", number, event.tick, f"{pitch_name(event.pitch)} starts with it")


def _bends(song: Song) -> Iterator[Finding]:
    yield from (Finding(*flaw) for flaw in bend_flaws(song))


def _silence(song: Song) -> Iterator[Finding]:
    onsets = [event.tick for track in song.tracks for event in track if event.is_note_on]
    bar = Places(song).bar_ticks
    if onsets and min(onsets) >= bar:
        yield Finding("leading-silence", None, min(onsets), f"nothing sounds for {min(onsets) / bar:.3g} bars")


_EXAMINERS: tuple[Callable[[Song], Iterator[Finding]], ...] = (
    _file,
    _nonsense,
    _conductor,
    _tracks,
    _ends,
    _notes,
    _bends,
    _silence,
)
