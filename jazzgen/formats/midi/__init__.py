"""MIDI files as scores: which track is the melody, and what the chords are.

The melody is the track asked for, or the one most like a solo: one note at a time, in a singing register, busy, well
named. Chords are taken, in this order, from symbols written as markers, texts or lyrics; from the chord track asked
for; from the accompaniment; from the melody itself. The choice and its reason are part of the answer.
Drums (channel 10) are among the accompaniment, and tell nothing of either. Where melody notes overlap, the later one
cuts the earlier, and of notes that start together (within a 64th) the highest is kept. What a file by jazzgen says is
read back exactly: a note at tick 1 is one at tick 0 that leaves room for the program change before it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice, pairwise
from pathlib import Path
from string import ascii_uppercase

from jazzgen.errors import CorpusError
from jazzgen.formats.midi.events import MidiEvents, Text, Voice, load_events
from jazzgen.formats.midi.texts import is_form_text, is_own_text, read_marker
from jazzgen.formats.reading import SOLO_NAMES, Provenance, Reading, ReadOptions, asked_for, read_bytes
from jazzgen.harmony.changes import MAX_BARS, Changes, ChordSpan
from jazzgen.harmony.chords import is_chord, is_no_chord, parse_chord
from jazzgen.music.infer import infer_changes
from jazzgen.music.melody import Notes, monophonic
from jazzgen.music.score import ENDING, TAG, Mark, Note, Part, Score
from jazzgen.music.timing import Bar, Meter, iter_bars

_CHORD_NAMES = re.compile(r"chord|comp|piano|keys|rhodes|organ|harmony|accomp", re.I)
_BASS_NAMES = re.compile(r"bass", re.I)
_BASS_PROGRAMS = range(32, 40)
_MIN_NOTES = 4
_SYMBOL_KINDS = ("marker", "text", "lyrics", "cue_marker")
_OTHER_TEXTS = {"lyrics": "lyrics", "words": "lyrics", "text": "texts", "cue_marker": "cue points"}


def readings(path: Path, options: ReadOptions = ReadOptions()) -> Iterator[Reading]:
    """The one piece of a MIDI file: its melody (the first part), accompaniment and changes, in the file's own timing.

    Raises:
        CorpusError: when it is not MIDI, has notes but no usable melody, or a track or bar asked for is not there.
    """
    events = load_events(read_bytes(path))
    symbols = _written_chords(events.texts)
    written = () if options.chords else symbols
    frame, all_bars = _frame(events, symbols, _end(events.voices, written), path.stem)
    bars = _chosen_bars(all_bars, options.bars)
    played = [_within(voice, bars) for voice in events.voices]
    voices = [voice for voice in played if not voice.is_drums]
    left_out = (*events.left_out, *_texts_left_out(events.texts, written))
    if written and not any(voice.notes for voice in voices):
        score = replace(frame, changes=_spans(written, bars[-1].end))
        reasons = "no melody: the file holds chords alone", _written_reason(written)
    else:
        melody, line, melody_reason = _find_melody(voices, options.melody)
        others = [voice for voice in voices if voice is not melody]
        changes, chords_reason = _find_changes(written, others, melody, bars, options.chords)
        band = [voice for voice in played if voice is not melody and voice.notes]
        parts = (_part(melody, line), *(_part(voice, voice.notes) for voice in band))
        score = replace(frame, changes=changes, parts=parts)
        left_out, reasons = (*left_out, *_notes_left_out(melody, line)), (melody_reason, chords_reason)
    chosen = score.excerpt(*options.bars) if options.bars else score
    yield Reading(chosen, *reasons, provenance=Provenance(licence=events.rights), left_out=left_out)


def _end(voices: Iterable[Voice], written: Iterable[Text]) -> int:
    notes = (note.end for voice in voices for note in voice.notes)
    return max(chain(notes, (text.onset + 1 for text in written)), default=0)


def _frame(events: MidiEvents, symbols: Sequence[Text], end: int, name: str) -> tuple[Score, list[Bar]]:
    """The score without its music, and its bars up to `end`; it is called `name` if the file does not say how."""
    pickup, meters = _split_pickup(events.meters)
    bars = _count_bars(meters, pickup, end)
    frame = Score(
        title=events.title or name,
        tempos=events.tempos,
        meters=meters,
        key=events.key,
        pickup=pickup,
        feel="straight",
        marks=tuple(_marks(events.texts, symbols, bars[-1].end if bars else 0)),
    )
    return frame, bars


def _count_bars(meters: tuple[tuple[int, Meter], ...], pickup: int, end: int) -> list[Bar]:
    bars = list(islice(iter_bars(meters, pickup, end), MAX_BARS + 1))
    if len(bars) > MAX_BARS:
        raise CorpusError(f"is longer than {MAX_BARS} bars; cut it, or mend the times in it")
    return bars


def _split_pickup(meters: tuple[tuple[int, Meter], ...]) -> tuple[int, tuple[tuple[int, Meter], ...]]:
    """A first bar of its own, shorter meter is a pickup bar."""
    if len(meters) > 1:
        (_, first), (onset, second) = meters[:2]
        if onset == first.bar_ticks < second.bar_ticks:
            return onset, ((0, second), *meters[2:])
    return 0, meters


def _chosen_bars(bars: list[Bar], wanted: tuple[int, int] | None) -> list[Bar]:
    if wanted is None:
        return bars
    first, last = wanted
    chosen = [bar for bar in bars if first <= bar.number <= last]
    if not chosen or (chosen[0].number, chosen[-1].number) != wanted:
        raise CorpusError(f"has no bars {first}-{last}; it has bars 1-{bars[-1].number if bars else 0}")
    return chosen


def _within(voice: Voice, bars: Sequence[Bar]) -> Voice:
    """The voice with the notes that start in those bars."""
    if not bars:
        return voice
    return replace(voice, notes=tuple(n for n in voice.notes if bars[0].onset <= n.onset < bars[-1].end))


def _find_melody(voices: Sequence[Voice], wanted: str | None) -> tuple[Voice, Notes, str]:
    """The melody's voice, its notes one at a time, and why it is taken."""
    if wanted is not None:
        voice = _busiest(voices, wanted, "melody")
        if len(voice.notes) < _MIN_NOTES:
            raise CorpusError(f"{voice} has {len(voice.notes)} notes there; a melody has {_MIN_NOTES} or more")
        return voice, monophonic(voice.notes), f"melody: {voice}, as asked"
    playing = [voice for voice in voices if voice.notes and not _is_bass(voice)]
    lines = [(voice, monophonic(voice.notes)) for voice in playing if len(voice.notes) >= _MIN_NOTES]
    if not lines:
        most = max((len(voice.notes) for voice in playing), default=0)
        raise CorpusError(
            f"no usable melody: pitched tracks above the bass have {most} notes at most; a melody has 4 notes or more"
        )
    voice, line = max(lines, key=lambda found: _likeness(*found))
    named = ", named like one" if SOLO_NAMES.search(voice.name) else ""
    share = len(line) / len(voice.notes)
    return voice, line, f"melody: {voice}: {len(voice.notes)} notes, {share:.0%} of them one at a time{named}"


def _busiest(voices: Sequence[Voice], wanted: str, option: str) -> Voice:
    return max(asked_for(voices, wanted, option), key=lambda voice: len(voice.notes))


def _likeness(voice: Voice, line: Notes) -> float:
    """How like a solo a voice is, `line` being its notes one at a time; each fact is worth about one."""
    register = 1.0 if 55 <= _mean_pitch(voice) <= 84 else 0.3
    busy = min(len(voice.notes) / 100, 1.0)
    named = 1.0 if SOLO_NAMES.search(voice.name) else -0.5 if _CHORD_NAMES.search(voice.name) else 0.0
    return 2 * len(line) / len(voice.notes) + register + busy + named


def _mean_pitch(voice: Voice) -> float:
    return sum(note.pitch for note in voice.notes) / len(voice.notes)


def _is_bass(voice: Voice) -> bool:
    return _mean_pitch(voice) < 48 or voice.program in _BASS_PROGRAMS or bool(_BASS_NAMES.search(voice.name))


def _find_changes(
    written: Sequence[Text], others: Sequence[Voice], melody: Voice, bars: Sequence[Bar], wanted: str | None
) -> tuple[Changes, str]:
    if written:
        return _spans(written, bars[-1].end), _written_reason(written)
    if wanted is not None:
        voice = _busiest(others, wanted, "chords")
        return infer_changes(voice.notes, bars), f"chords: inferred from {voice}, as asked"
    sources = _accompaniment([voice for voice in others if voice.notes])
    if not sources:
        guess = "chords: inferred from the melody alone, so a guess; name the track that has them, if one does"
        return infer_changes(melody.notes, bars), guess
    names = " and ".join(str(voice) for voice in sources)
    return infer_changes(_notes_of(sources), bars), f"chords: inferred from {names}; no chord symbols in the file"


def _written_reason(written: Sequence[Text]) -> str:
    return f"chords: {len(written)} symbols written as {written[0].kind}s"


def _accompaniment(playing: Sequence[Voice]) -> list[Voice]:
    """The busiest of those named like a chord player, or else of those above the bass; and every bass."""
    named = [voice for voice in playing if _CHORD_NAMES.search(voice.name)]
    comping = max(named or [v for v in playing if not _is_bass(v)], key=lambda v: len(v.notes), default=None)
    return [voice for voice in playing if voice is comping or _is_bass(voice)]


def _notes_of(voices: Iterable[Voice]) -> list[Note]:
    return [note for voice in voices for note in voice.notes]


def _written_chords(texts: Sequence[Text]) -> Sequence[Text]:
    """The chord symbols among the texts of one kind, if that is what most of them are."""
    for kind in _SYMBOL_KINDS:
        of_kind = [text for text in texts if text.kind == kind and not is_form_text(text.text)]
        known = _symbols_among(Counter(text.text for text in of_kind))
        symbols = [text for text in of_kind if text.text in known]
        if symbols and not _are_rehearsal_letters(symbols):
            return symbols
    return ()


def _symbols_among(texts: Counter[str]) -> set[str]:
    """The texts that are chord symbols, if at least half of all are; else none."""
    symbols = {text for text in texts if is_no_chord(text) or is_chord(text)}
    return symbols if 2 * sum(texts[text] for text in symbols) >= texts.total() else set()


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
    name = voice.name or f"Track {voice.track}"
    return Part(name, notes, voice.program, voice.channel, voice.volume, voice.pan)


def _marks(texts: Sequence[Text], symbols: Sequence[Text], end: int) -> Iterator[Mark]:
    """Choruses and sections, from markers that are no chord symbols, each to the next; a tag is in no chorus."""
    chords = set(symbols)
    heads = [(t.onset, *read_marker(t.text)) for t in texts if t.kind == "marker" and t.text and t not in chords]
    for index, (onset, kind, label) in enumerate(heads):
        later = (head for head in heads[index + 1 :] if head[1] == kind or head[2] in (TAG, ENDING))
        stop, *_ = next(later, (end, kind, ""))
        if stop > onset:
            yield Mark(onset, stop - onset, kind, label)


def _texts_left_out(texts: Sequence[Text], written: Sequence[Text]) -> Iterator[str]:
    chords = set(written)
    left = (text for text in texts if text.text and text not in chords and not is_own_text(text.text))
    others = Counter(_OTHER_TEXTS.get(text.kind) for text in left)
    yield from (f"{kind} ({count})" for kind, count in others.items() if kind)


def _notes_left_out(melody: Voice, line: Notes) -> Iterator[str]:
    if len(line) < len(melody.notes):
        yield f"notes of the melody struck together with a higher one ({len(melody.notes) - len(line)})"
