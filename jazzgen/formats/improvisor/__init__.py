"""Read Impro-Visor leadsheets (`.ls`): chords, the melody over them, and solos of many choruses.

The chords of a bar share it equally; `/` or an empty bar holds the chord before. One meter applies to the whole sheet.
The key is given as a signature only; the chords decide between major and minor.

Each melody part is one chorus, as in the program: the score has them in a row over repeated changes. A part with notes
that start past the last chord takes another chorus; a note held past it is cut. Parts without notes are left out. If a
sheet has no chords, they are inferred from the melody.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

from jazzgen.errors import ChordError, CorpusError
from jazzgen.formats.improvisor.sheet import HOLD, MelodyPart, Sheet, number, read_sheet
from jazzgen.formats.improvisor.text import Form, Word, read_note
from jazzgen.formats.reading import Provenance, Reading, ReadOptions, read_bytes, told
from jazzgen.harmony.changes import MAX_BARS, Changes, ChordSpan
from jazzgen.harmony.chords import IMPROVISOR, Chord, is_no_chord, parse_chord
from jazzgen.harmony.keyfinding import guess_key
from jazzgen.harmony.pitch import MAJOR_TONICS, Key
from jazzgen.music.infer import infer_changes
from jazzgen.music.score import Credits, Feel, Mark, MarkKind, Note, Part, Score
from jazzgen.music.timing import Meter, iter_bars
from jazzgen.system.limits import short_lines

PROVENANCE = Provenance(source="Impro-Visor leadsheet")
MELODY_NAME = "Melody"
MAX_BYTES = 1024 * 1024  # set by hand
MAX_CHORDS = 200_000  # with all choruses; set by hand
_DEFAULT_TEMPO = 160.0  # set by hand
_VELOCITY = 80  # for sheets without volumes; set by hand
_RATIO = re.compile(r"[0-9]?\.[0-9]{1,6}")
_VOLUME = re.compile(r"v([0-9]{1,3})")
# Words in style names that imply a feel, whatever the swing ratio; the first match decides.
_FEELS: tuple[tuple[re.Pattern[str], Feel], ...] = (
    (re.compile(r"swing|shuffle|bop|dixie|stride|second-?line|freddie|charleston", re.I), "swing"),
    (
        re.compile(
            r"straight|even|latin|bossa|samba|afro|cuba|cha-?cha|charanga|mambo|merengue|rumba|salsa|songo|montuno|"
            r"bolero|beguine|tango|calypso|reggae|ska\b|rock|pop|funk|soul|motown|disco|hip-?hop|country|march|classical",
            re.I,
        ),
        "straight",
    ),
    (re.compile(r"blues|ballad|waltz|jazz|walk|two-?beat|no-?style", re.I), "swing"),
)
_MOST_EVEN = 0.55  # of a beat for its first eighth; larger ratios swing. Set by hand
_MARK_ORDER: tuple[MarkKind, ...] = ("chorus", "section", "phrase")


@dataclass(frozen=True, slots=True)
class _Form:
    """One chorus of the form: its length in ticks, chords and marks."""

    ticks: int
    changes: Changes
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class _Chorus:
    """A melody part, its notes in ticks from its own start."""

    title: str
    program: int
    notes: tuple[Note, ...]


def readings(path: Path, options: ReadOptions = ReadOptions()) -> Iterator[Reading]:
    """Yield the one piece of a leadsheet.

    Raises:
        CorpusError: naming the line and what is wrong in it.
    """
    content = read_bytes(path, MAX_BYTES)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    reading = parse_sheet(short_lines(text))
    yield replace(reading, score=reading.score.excerpt(*options.bars)) if options.bars else reading


def parse_sheet(text: str) -> Reading:
    """Read a leadsheet.

    Raises:
        CorpusError: naming the line and what is wrong in it.

    Example:
        >>> score = parse_sheet("(title Riff) Dm7 G7 | CM7 | c4 d4 e2 g1").score
        >>> [str(span.chord) for span in score.changes], [note.pitch for note in score.melody.notes]
        (['Dm7', 'G7', 'Cmaj7'], [60, 62, 64, 67])
    """
    sheet = read_sheet(text)
    choruses = [chorus for part in sheet.parts if (chorus := _chorus(part)).notes]
    if not sheet.bars and not choruses:
        raise CorpusError("holds neither chords nor a melody; is this an Impro-Visor leadsheet?")
    not_understood: list[str] = []
    score = _score(sheet, choruses, not_understood)
    melody = f"as written, choruses: {len(score.marked('chorus')) or 1}" if choruses else "none in the sheet"
    chords = "as written" if sheet.bars else "inferred from the melody alone, so a guess; the sheet has none"
    silent = len(sheet.parts) - len(choruses)
    parts = [f"melody parts without a note: {silent}"] if silent and choruses else []
    if not_understood and not choruses and not any(span.chord for span in score.changes):
        raise CorpusError(not_understood[0])
    left_out = (*sheet.left_out, *parts, *told(not_understood))
    return Reading(score, f"melody: {melody}", f"chords: {chords}", provenance=PROVENANCE, left_out=left_out)


def _score(sheet: Sheet, choruses: Sequence[_Chorus], not_understood: list[str]) -> Score:
    meter = _meter(sheet.headers)
    form = _form(sheet, meter, choruses, not_understood)
    rounds = [1 + chorus.notes[-1].onset // form.ticks for chorus in choruses] or [1]
    if sum(rounds) * form.ticks > MAX_BARS * meter.bar_ticks or sum(rounds) * len(form.changes) > MAX_CHORDS:
        raise CorpusError(f"its choruses go on past {MAX_BARS} bars or {MAX_CHORDS} chords; split it")
    parts: tuple[Part, ...] = (_part(choruses, rounds, form.ticks),) if choruses else ()
    changes = tuple(replace(s, onset=s.onset + at) for at in _starts(sum(rounds), form) for s in form.changes)
    changes = changes or infer_changes(parts[0].notes, list(iter_bars(((0, meter),), 0, parts[0].end)))
    composer = sheet.headers["composer"].value if "composer" in sheet.headers else ""
    title = sheet.headers["title"].value if "title" in sheet.headers else ""
    return Score(
        title=title or "Untitled",
        tempos=((0, _tempo(sheet.headers)),),
        meters=((0, meter),),
        key=_key(sheet.headers, changes),
        changes=changes,
        parts=parts,
        feel=_feel(sheet),
        marks=_marks(form, choruses, rounds),
        credits=Credits(composer=composer, rhythm_feel=_style(sheet)),
    )


def _starts(rounds: int, form: _Form) -> range:
    return range(0, rounds * form.ticks, form.ticks)


def _form(sheet: Sheet, meter: Meter, choruses: Sequence[_Chorus], not_understood: list[str]) -> _Form:
    """Return one chorus; without chords it lasts as many bars as the longest melody part.

    Chords that cannot be read are reported in `not_understood`.
    """
    longest = max((chorus.notes[-1].end for chorus in choruses), default=0)
    ticks = meter.bar_ticks * (len(sheet.bars) or -(-longest // meter.bar_ticks))
    starts = [(bar * meter.bar_ticks, kind, label) for bar, kind, label in sheet.marks]
    return _Form(ticks, tuple(_changes(sheet.bars, meter, not_understood)), tuple(_stretches(starts, ticks)))


def _stretches(starts: Sequence[tuple[int, MarkKind, str]], end: int) -> Iterator[Mark]:
    """Return marks: a section lasts until the next section, a phrase until the next section or phrase."""
    stop = {"section": end, "phrase": end}
    marks: list[Mark] = []
    for onset, kind, label in reversed(starts):
        if onset < stop[kind]:
            marks.append(Mark(onset, stop[kind] - onset, kind, label))
        stop = {"section": onset, "phrase": onset} if kind == "section" else stop | {"phrase": onset}
    return reversed(marks)


def _changes(bars: Sequence[Sequence[Word]], meter: Meter, not_understood: list[str]) -> Iterator[ChordSpan]:
    chord: Chord | None = None
    for number_before, words in enumerate(bars):
        start = number_before * meter.bar_ticks
        places = [start + place for place in _shared_out(words, meter, not_understood)]
        spans: list[ChordSpan] = []
        for word, (onset, end) in zip(words or [Word(HOLD, 0)], pairwise(places), strict=True):
            if spans and word.text.startswith(HOLD):
                spans[-1] = replace(spans[-1], duration=end - spans[-1].onset)
                continue
            chord = chord if word.text.startswith(HOLD) else _chord(word, not_understood)
            spans.append(ChordSpan(onset, end - onset, chord))
        yield from spans


def _shared_out(words: Sequence[Word], meter: Meter, not_understood: list[str]) -> list[int]:
    """Return where the words of a bar start and the last one ends; name those that do not share it equally."""
    count = max(len(words), 1)
    ticks = meter.bar_ticks
    if count > ticks:
        raise CorpusError(f"line {words[0].line}: {count} chords in one bar of {meter}; write one a beat")
    if ticks % count:
        not_understood.append(
            f"line {words[0].line}: {count} chords that do not share {meter} equally, a tick longer or shorter"
        )
    return [round(Fraction(ticks * place, count)) for place in range(count + 1)]


def _chord(word: Word, not_understood: list[str]) -> Chord | None:
    """Parse a chord; if that fails, return None and add the reason to `not_understood`."""
    try:
        return None if is_no_chord(word.text.rstrip("_")) else parse_chord(word.text, IMPROVISOR)
    except ChordError as error:
        not_understood.append(f"line {word.line}: {error}; no chord stands there")
        return None


def _chorus(part: MelodyPart) -> _Chorus:
    notes: list[Note] = []
    start = Fraction(0)
    velocity = _VELOCITY
    for word in part.words:
        if volume := _VOLUME.fullmatch(word.text):
            velocity = min(max(int(volume[1]), 1), 127)
            continue
        pitch, duration, fifths = read_note(word)
        onset, end = round(start), round(start + duration)
        if end == onset:
            raise CorpusError(f"line {word.line}: '{word.text[:40]}' is shorter than a 1920th note")
        if pitch is not None:
            notes.append(Note(onset, end - onset, pitch, velocity, fifths))
        start += duration
    return _Chorus(part.title, part.program, tuple(notes))


def _part(choruses: Sequence[_Chorus], rounds: Sequence[int], form_ticks: int) -> Part:
    notes: list[Note] = []
    start = 0
    for chorus, count in zip(choruses, rounds, strict=True):
        end = start + count * form_ticks
        for note in chorus.notes:
            onset = start + note.onset
            notes.append(replace(note, onset=onset, duration=min(note.duration, end - onset)))
        start = end
    return Part(MELODY_NAME, tuple(notes), program=choruses[0].program)


def _marks(form: _Form, choruses: Sequence[_Chorus], rounds: Sequence[int]) -> tuple[Mark, ...]:
    """Return the form's marks in every chorus, and a mark for each chorus if there are several."""
    titles = [title for chorus, count in zip(choruses, rounds, strict=False) for title in [chorus.title] * count]
    marks = [replace(mark, onset=mark.onset + at) for at in _starts(sum(rounds), form) for mark in form.marks]
    if len(titles) > 1:
        starts = zip(_starts(len(titles), form), titles, strict=True)
        marks += [Mark(at, form.ticks, "chorus", title or str(at // form.ticks + 1)) for at, title in starts]
    return tuple(sorted(marks, key=lambda mark: (mark.onset, _MARK_ORDER.index(mark.kind))))


def _meter(headers: Mapping[str, Form]) -> Meter:
    """Return the meter of the whole sheet; old sheets give only the upper number, over 4."""
    if "meter" not in headers:
        return Meter()
    form = headers["meter"]
    beats, unit = number(form, 1, 64), number(form, 1, 32, place=2) if len(form.items) > 2 else 4
    if unit & (unit - 1):
        raise CorpusError(
            f"line {form.line}: ({form.name} {form.value[:40]}): the lower number is 1, 2, 4, 8, 16 or 32"
        )
    return Meter(beats, unit)


def _key(headers: Mapping[str, Form], changes: Changes) -> Key:
    """Return the major key of the signature, or its relative minor if the chords suggest that."""
    guess = guess_key(changes)
    if "key" not in headers:
        return guess
    fifths = number(headers["key"], -7, 7)
    return guess if guess.fifths == fifths else Key(MAJOR_TONICS[fifths + 7])


def _tempo(headers: Mapping[str, Form]) -> float:
    if "tempo" not in headers:
        return _DEFAULT_TEMPO
    form = headers["tempo"]
    if not re.fullmatch(r"[0-9]{1,5}(\.[0-9]{0,9})?", form.value):
        raise CorpusError(f"line {form.line}: (tempo {form.value[:40]}): write beats a minute, as in (tempo 160.0)")
    return float(form.value)


def _style(sheet: Sheet) -> str:
    """Return the name of the sheet's style, or else of the first section that has one."""
    style = sheet.headers.get("style")
    if style and len(style.items) > 1 and isinstance(style.items[1], Word):
        return style.items[1].text
    return next((label for _, _, label in sheet.marks if label), "")


def _feel(sheet: Sheet) -> Feel:
    """Return the feel by the style's name, or else by its swing ratio; a sheet without a style swings."""
    style = _style(sheet)
    if named := next((feel for pattern, feel in _FEELS if pattern.search(style)), None):
        return named
    settings = sheet.headers["style"].forms() if "style" in sheet.headers else ()
    ratio = next((form.value for form in settings if form.name == "swing"), "")
    if _RATIO.fullmatch(ratio):
        return "swing" if float(ratio) > _MOST_EVEN else "straight"
    return "straight" if style else "swing"
