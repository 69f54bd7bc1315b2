"""MIDI files as scores: which track is the melody, and what the chords are.

The melody is the track asked for, or the one most like a solo: one note at a time, in a singing register, busy, well
named. Chords are taken, in this order, from symbols written as markers, texts or lyrics; from the chord track asked
for; from the accompaniment; from the melody itself. The choice and its reason are part of the answer.
Drums (channel 10) are left out. Where melody notes overlap, the later one cuts the earlier, and of notes that start
together (within a 64th) the highest is kept.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise
from pathlib import Path
from string import ascii_uppercase

from jazzgen.corpus.midi_events import Text, Voice, load_events
from jazzgen.errors import ChordError, CorpusError
from jazzgen.harmony.changes import MAX_BARS, Changes, ChordSpan, is_no_chord
from jazzgen.harmony.chords import parse_chord
from jazzgen.harmony.infer import infer_changes
from jazzgen.melody import monophonic
from jazzgen.score import Note, Part, Score
from jazzgen.timing import Bar, Meter, iter_bars

_SOLO_NAMES = re.compile(r"solo|melod|lead|theme|head|vocal|voice|sax|trumpet|flute|clarinet|violin|guit", re.I)
_CHORD_NAMES = re.compile(r"chord|comp|piano|keys|rhodes|organ|harmony|accomp", re.I)
_BASS_NAMES = re.compile(r"bass", re.I)
_BASS_PROGRAMS = range(32, 40)
_MIN_NOTES = 4


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What a user may say about a file.

    Attributes:
        melody: name (or part of it) or number of the melody track; None to find it.
        chords: likewise for the track that chords are inferred from.
        bars: first and last bar to take, or None for all.
    """

    melody: str | None = None
    chords: str | None = None
    bars: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A score and how it was found: `melody_reason` and `chords_reason` are for people to read."""

    score: Score
    melody_reason: str
    chords_reason: str


def read_midi(path: Path, options: ReadOptions = ReadOptions()) -> Score:
    """The file's melody (the first part), accompaniment and changes, in the file's own timing."""
    return read_midi_with_reasons(path, options).score


def read_midi_with_reasons(path: Path, options: ReadOptions = ReadOptions()) -> Reading:
    """Reads a MIDI file of type 0 or 1.

    Raises:
        CorpusError: when it is not MIDI, has no usable melody, or a track or bar asked for is not there.
    """
    events = load_events(path)
    pickup, meters = _split_pickup(events.meters)
    voices = [voice for voice in events.voices if not voice.is_drums]
    written = () if options.chords else _written_chords(events.texts)
    ends = [note.end for voice in voices for note in voice.notes] + [text.onset + 1 for text in written]
    bars = _chosen_bars(_count_bars(meters, pickup, max(ends, default=0), path), options.bars, path)
    within = [_within(voice, bars) for voice in voices]
    melody, melody_reason = _find_melody(within, options.melody, path)
    others = [voice for voice in within if voice is not melody]
    changes, chords_reason = _find_changes(written, others, melody, bars, options.chords, path)
    score = Score(
        title=events.title,
        tempos=events.tempos,
        meters=meters,
        key=events.key,
        pickup=pickup,
        changes=changes,
        parts=(_part(melody, monophonic(melody.notes)), *(_part(v, v.notes) for v in others if v.notes)),
        feel="straight",
    )
    return Reading(score.excerpt(*options.bars) if options.bars else score, melody_reason, chords_reason)


def _count_bars(meters: tuple[tuple[int, Meter], ...], pickup: int, end: int, path: Path) -> list[Bar]:
    bars = list(islice(iter_bars(meters, pickup, end), MAX_BARS + 1))
    if len(bars) > MAX_BARS:
        raise CorpusError(f"{path}: is longer than {MAX_BARS} bars; cut it, or mend the times in it")
    return bars


def _split_pickup(meters: tuple[tuple[int, Meter], ...]) -> tuple[int, tuple[tuple[int, Meter], ...]]:
    """A first bar of its own, shorter meter is a pickup bar."""
    if len(meters) > 1:
        (_, first), (onset, second) = meters[:2]
        if onset == first.bar_ticks < second.bar_ticks:
            return onset, ((0, second), *meters[2:])
    return 0, meters


def _chosen_bars(bars: list[Bar], wanted: tuple[int, int] | None, path: Path) -> list[Bar]:
    if wanted is None:
        return bars
    first, last = wanted
    chosen = [bar for bar in bars if first <= bar.number <= last]
    if not chosen or (chosen[0].number, chosen[-1].number) != wanted:
        raise CorpusError(f"{path}: has no bars {first}-{last}; it has bars 1-{bars[-1].number if bars else 0}")
    return chosen


def _within(voice: Voice, bars: Sequence[Bar]) -> Voice:
    """The voice with the notes that start in those bars."""
    if not bars:
        return voice
    return replace(voice, notes=tuple(n for n in voice.notes if bars[0].onset <= n.onset < bars[-1].end))


def _find_melody(voices: Sequence[Voice], wanted: str | None, path: Path) -> tuple[Voice, str]:
    if wanted is not None:
        voice = _asked_for(voices, wanted, "--melody", path)
        if len(voice.notes) < _MIN_NOTES:
            raise CorpusError(f"{path}: {voice} has {len(voice.notes)} notes there; a melody has {_MIN_NOTES} or more")
        return voice, f"melody: {voice}, as asked"
    likely = [voice for voice in voices if len(voice.notes) >= _MIN_NOTES and not _is_bass(voice)]
    if not likely:
        raise CorpusError(f"{path}: no usable melody: no pitched track above the bass has {_MIN_NOTES} notes or more")
    best = max(likely, key=_likeness)
    share = _monophonic_share(best)
    named = ", named like one" if _SOLO_NAMES.search(best.name) else ""
    return best, f"melody: {best}: {len(best.notes)} notes, {share:.0%} of them one at a time{named}"


def _asked_for(voices: Sequence[Voice], wanted: str, option: str, path: Path) -> Voice:
    if wanted.isdecimal():
        found = [voice for voice in voices if voice.track == int(wanted)]
    else:
        found = [v for v in voices if v.name.lower() == wanted.lower()] or [
            v for v in voices if wanted.lower() in v.name.lower()
        ]
    if not found:
        names = ", ".join(f"{voice.track} '{voice.name}'" for voice in voices) or "none"
        raise CorpusError(f"{path}: no track is '{wanted}' ({option}); tracks with notes: {names}")
    return max(found, key=lambda voice: len(voice.notes))


def _likeness(voice: Voice) -> float:
    """How like a solo a voice is; each fact is worth about one."""
    mean = sum(note.pitch for note in voice.notes) / len(voice.notes)
    register = 1.0 if 55 <= mean <= 84 else 0.3
    busy = min(len(voice.notes) / 100, 1.0)
    named = 1.0 if _SOLO_NAMES.search(voice.name) else -0.5 if _CHORD_NAMES.search(voice.name) else 0.0
    return 2 * _monophonic_share(voice) + register + busy + named


def _monophonic_share(voice: Voice) -> float:
    return len(monophonic(voice.notes)) / len(voice.notes)


def _is_bass(voice: Voice) -> bool:
    mean = sum(note.pitch for note in voice.notes) / len(voice.notes)
    return mean < 48 or voice.program in _BASS_PROGRAMS or bool(_BASS_NAMES.search(voice.name))


def _find_changes(
    written: Sequence[Text],
    others: Sequence[Voice],
    melody: Voice,
    bars: Sequence[Bar],
    wanted: str | None,
    path: Path,
) -> tuple[Changes, str]:
    if written:
        return _spans(written, bars[-1].end), f"chords: {len(written)} symbols written as {written[0].kind}s"
    if wanted is not None:
        voice = _asked_for(others, wanted, "--chords", path)
        return infer_changes(voice.notes, bars), f"chords: inferred from {voice}, as asked"
    playing = [voice for voice in others if voice.notes]
    named = [voice for voice in playing if _CHORD_NAMES.search(voice.name)]
    comping = max(named or [v for v in playing if not _is_bass(v)], key=lambda v: len(v.notes), default=None)
    sources = [voice for voice in playing if voice is comping or _is_bass(voice)]
    if not sources:
        return infer_changes(
            melody.notes, bars
        ), "chords: inferred from the melody alone, so a guess; give --chords if a track has them"
    names = " and ".join(str(voice) for voice in sources)
    return infer_changes(_notes_of(sources), bars), f"chords: inferred from {names}; no chord symbols in the file"


def _notes_of(voices: Iterable[Voice]) -> list[Note]:
    return sorted(note for voice in voices for note in voice.notes)


def _written_chords(texts: Sequence[Text]) -> Sequence[Text]:
    """The chord symbols among the texts of one kind, if that is what most of them are."""
    for kind in ("marker", "text", "lyrics", "cue_marker"):
        of_kind = [text for text in texts if text.kind == kind]
        symbols = [text for text in of_kind if _is_symbol(text.text)]
        if symbols and 2 * len(symbols) >= len(of_kind) and not _are_rehearsal_letters(symbols):
            return symbols
    return ()


def _is_symbol(text: str) -> bool:
    try:
        return is_no_chord(text) or bool(parse_chord(text))
    except ChordError:
        return False


def _are_rehearsal_letters(symbols: Sequence[Text]) -> bool:
    letters = {text.text for text in symbols}
    return letters == set(ascii_uppercase[: len(letters)])


def _spans(symbols: Sequence[Text], end: int) -> Changes:
    """Each symbol's chord (None for N.C.) up to the next symbol, the last one's up to `end`."""
    onsets = [text.onset for text in symbols]
    chords = [None if is_no_chord(text.text) else parse_chord(text.text) for text in symbols]
    stops = zip(pairwise([*onsets, max(end, onsets[-1] + 1)]), chords, strict=True)
    return tuple(ChordSpan(onset, stop - onset, chord) for (onset, stop), chord in stops if stop > onset)


def _part(voice: Voice, notes: tuple[Note, ...]) -> Part:
    return Part(voice.name or f"Track {voice.track}", notes, voice.program, voice.channel)
