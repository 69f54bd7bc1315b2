"""Read MIDI files as scores: find the melody and the chords.

The melody is the track asked for, or else the one most like a solo: one note at a time, in a singing register, with
many notes, a solo instrument's program and a telling name; of a piano it is the right hand. Chords come from the first
of these that there is: symbols written as markers, texts, lyrics or XF events; the chord track asked for; the
accompaniment; the melody itself. The reading says what was chosen and why.
Drums (channel 10) are kept as accompaniment but never decide melody or chords. Drum kits on other channels, clicks and
unpitched percussion are left out. Where melody notes overlap, the later one cuts the earlier; of notes that start
together (within a 64th) the highest is kept. Files by jazzgen are read back exactly: they have a note at tick 1 where
the score has one at tick 0, to leave room for the program change.

Doors: `readings` here and `write`, its inverse; `messages` and `pairing`, the parser that the doctor shares.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path

from jazzgen.errors import CorpusError
from jazzgen.formats.midi.events import MidiEvents, Text, load_events
from jazzgen.formats.midi.grid import on_its_grid
from jazzgen.formats.midi.melody import Melody, accompaniment, busiest, find_melody
from jazzgen.formats.midi.roles import UNPITCHED, without_pitch
from jazzgen.formats.midi.symbols import spans_of, written_chords, written_reason
from jazzgen.formats.midi.texts import feel_said, is_own_text, read_marker
from jazzgen.formats.midi.voices import Voice
from jazzgen.formats.reading import Provenance, Reading, ReadOptions, read_bytes
from jazzgen.harmony.changes import MAX_BARS, Changes
from jazzgen.music.gesture import fitting
from jazzgen.music.infer import infer_changes
from jazzgen.music.score import ENDING, TAG, Mark, Note, Part, Score
from jazzgen.music.timing import Bar, Meter, iter_bars

_OTHER_TEXTS = {"lyrics": "lyrics", "words": "lyrics", "text": "texts", "cue_marker": "cue points"}


def readings(path: Path, options: ReadOptions = ReadOptions()) -> Iterator[Reading]:
    """Yield the one piece in a MIDI file, the melody as its first part, in the file's own timing.

    If the notes do not fit the file's beats, as when played without a click, the beats are tracked in the notes.

    Example:
        >>> from jazzgen.formats.midi.write import write_midi
        >>> notes = tuple(Note(480 * beat, 480, 60 + beat) for beat in range(4))
        >>> write_midi(Score(parts=(Part("Solo", notes),)), Path("solo.mid"))
        >>> [reading.score.melody.name for reading in readings(Path("solo.mid"))]
        ['Solo']

    Raises:
        CorpusError: it is not MIDI, has notes but no usable melody, or lacks a track or bar that was asked for.
    """
    events, warnings = on_its_grid(load_events(read_bytes(path)), options)
    odd = _without_pitch(events.voices)
    kept = [voice for voice in events.voices if not any(voice is other for other, _ in odd)]
    pitched = [voice for voice in kept if not voice.is_drums]
    symbols = written_chords(events.texts, chain.from_iterable(voice.notes for voice in pitched))
    written = () if options.chords else symbols
    frame, all_bars = _frame(events, symbols, _end(events.voices, written), path.stem)
    bars = _chosen_bars(all_bars, options.bars)
    played = [_within(voice, bars) for voice in kept] if options.bars else kept
    voices = [voice for voice in played if not voice.is_drums]
    left_out = (*events.left_out, *_voices_left_out(odd), *_texts_left_out(events.texts, written))
    if written and not any(voice.notes for voice in voices):
        score = replace(frame, changes=spans_of(written, bars[-1].end))
        reasons = "no melody: the file holds chords alone", written_reason(written)
    else:
        melody = find_melody(voices, options.melody)
        changes, chords_reason = _find_changes(written, melody, bars, options.chords)
        drums = [voice for voice in played if voice.is_drums]
        band = _in_order(played, (*melody.others, *drums))
        parts = (_part(melody.voice, melody.line), *(_part(voice, voice.notes) for voice in band if voice.notes))
        score = replace(frame, changes=changes, parts=parts)
        left_out = (*left_out, *_notes_left_out(melody, played))
        reasons = melody.reason, chords_reason
    chosen = score.excerpt(*options.bars) if options.bars else score
    provenance = Provenance(licence=events.rights)
    yield Reading(chosen, *reasons, provenance=provenance, left_out=left_out, warnings=warnings)


def _without_pitch(voices: Sequence[Voice]) -> list[tuple[Voice, str]]:
    """Return unpitched lines and what each is; a program alone is not enough to leave out a file's only line."""
    odd = [(voice, what) for voice in voices if (what := without_pitch(voice))]
    others = len([voice for voice in voices if not voice.is_drums]) - len(odd)
    return odd if others else [(voice, what) for voice, what in odd if what != UNPITCHED]


def _in_order(played: Sequence[Voice], band: Sequence[Voice]) -> list[Voice]:
    """Sort the band in the file's order, the melody's left hand first."""
    places = {id(voice): place for place, voice in enumerate(played)}
    return sorted(band, key=lambda voice: places.get(id(voice), -1))


def _end(voices: Iterable[Voice], written: Iterable[Text]) -> int:
    notes = (note.end for voice in voices for note in voice.notes)
    return max(chain(notes, (text.onset + 1 for text in written)), default=0)


def _frame(events: MidiEvents, symbols: Sequence[Text], end: int, name: str) -> tuple[Score, list[Bar]]:
    """Return a score without notes and chords, and its bars up to tick `end`; `name` stands in for a missing title."""
    pickup, meters = _split_pickup(events.meters) if events.says_meter else (0, events.meters)
    bars = _count_bars(meters, pickup, end)
    frame = Score(
        title=events.title or name,
        tempos=events.tempos,
        meters=meters,
        key=events.key,
        pickup=pickup,
        feel=feel_said(text.text for text in events.texts),
        marks=tuple(_marks(events.texts, symbols, bars[-1].end if bars else 0)),
    )
    return frame, bars


def _count_bars(meters: tuple[tuple[int, Meter], ...], pickup: int, end: int) -> list[Bar]:
    bars = list(islice(iter_bars(meters, pickup, end), MAX_BARS + 1))
    if len(bars) > MAX_BARS:
        raise CorpusError(f"is longer than {MAX_BARS} bars; cut it, or mend the times in it")
    return bars


def _split_pickup(meters: tuple[tuple[int, Meter], ...]) -> tuple[int, tuple[tuple[int, Meter], ...]]:
    """Return the pickup in ticks and the other meters; a first bar in a shorter meter of its own is a pickup."""
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
    """Keep the notes that start in those bars."""
    if not bars:
        return voice
    return replace(voice, notes=tuple(n for n in voice.notes if bars[0].onset <= n.onset < bars[-1].end))


def _find_changes(
    written: Sequence[Text], melody: Melody, bars: Sequence[Bar], wanted: str | None
) -> tuple[Changes, str]:
    if written:
        return spans_of(written, bars[-1].end), written_reason(written)
    if wanted is not None:
        voice = busiest(melody.others, wanted, "chords")
        return infer_changes(voice.notes, bars), f"chords: inferred from {voice}, as asked"
    sources = accompaniment([voice for voice in melody.others if voice.notes])
    if not sources:
        guess = "chords: inferred from the melody alone, so a guess; name the track that has them, if one does"
        return infer_changes(melody.voice.notes, bars), guess
    names = " and ".join(str(voice) for voice in sources)
    return infer_changes(_notes_of(sources), bars), f"chords: inferred from {names}; no chord symbols in the file"


def _notes_of(voices: Iterable[Voice]) -> list[Note]:
    return [note for voice in voices for note in voice.notes]


def _part(voice: Voice, notes: tuple[Note, ...]) -> Part:
    name = voice.name or (f"Channel {voice.channel + 1}" if voice.in_type_0 else f"Track {voice.track}")
    if voice.hand:
        name = f"{name} ({voice.hand})"
    gestures = fitting(voice.gestures, notes)
    return Part(name, notes, voice.program, voice.channel, voice.volume, voice.pan, gestures)


def _marks(texts: Sequence[Text], symbols: Sequence[Text], end: int) -> Iterator[Mark]:
    """Yield choruses and sections from markers other than chords; each lasts to the next, or to a tag or ending."""
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


def _voices_left_out(odd: Sequence[tuple[Voice, str]]) -> Iterator[str]:
    for voice, what in odd:
        yield f"{voice}, {what} ({len(voice.notes)} notes)"


def _notes_left_out(melody: Melody, voices: Iterable[Voice]) -> Iterator[str]:
    if len(melody.line) < len(melody.voice.notes):
        count = len(melody.voice.notes) - len(melody.line)
        yield f"notes of the melody struck together with a higher one ({count})"
    if doubled := sum(voice.doubled for voice in voices):
        yield f"notes struck twice at one place ({doubled})"
    if programs := sum(voice.later_programs for voice in voices):
        yield f"later programs ({programs})"
