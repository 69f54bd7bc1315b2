"""Read the measures of one staff of a MuseScore score."""

import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from xml.etree.ElementTree import Element

from jazzgen.errors import ChordError, CorpusError, ScoreError
from jazzgen.formats.notation.drafts import MAX_BAR_BEATS, SWING, BarDraft, Setting, signs_in
from jazzgen.formats.notation.musicxml.values import transposed_key
from jazzgen.formats.notation.written import PartBar, WrittenChord, WrittenNote
from jazzgen.harmony.chords import Chord, is_no_chord, parse_chord
from jazzgen.harmony.pitch import (
    FLAT_NAMES,
    HIGHEST_FIFTHS,
    LOWEST_FIFTHS,
    MAJOR_TONICS,
    MINOR_TONICS,
    SHARP_NAMES,
    Key,
    name_at,
)
from jazzgen.harmony.unfold import MAX_TIMES
from jazzgen.music.timing import TICKS_PER_BEAT, Meter

_SHORTER = ("quarter", "eighth", "16th", "32nd", "64th", "128th", "256th", "512th", "1024th")
_BEATS = {"long": Fraction(16), "breve": Fraction(8), "whole": Fraction(4), "half": Fraction(2)}
_BEATS |= {name: Fraction(1, 2**place) for place, name in enumerate(_SHORTER)}
_GRACE = (
    "acciaccatura",
    "appoggiatura",
    *(f"grace{kind}" for kind in ("4", "16", "32", "8after", "16after", "32after")),
)
_FRACTION = re.compile(r"\s*(-?\d{1,6})/(\d{1,6})\s*")
_INTEGER = re.compile(r"\s*-?\d{1,6}\s*")
_DECIMAL = re.compile(r"\s*\d{1,4}(?:\.\d{1,12})?\s*")
# MuseScore writes note names as tonal pitch classes: fifths, with 14 for C.
_C = 14
_MOST_DOTS = 4  # as in MuseScore
_MARKERS = {
    "segno": "segno",
    "varsegno": "segno",
    "codab": "coda",
    "varcoda": "coda",
    "coda": "to_coda",
    "fine": "fine",
}
_VOICES_A_STAFF = 4  # as in MuseScore


class StaffReader:
    """Reads the measures of a staff; the cursor counts quarter notes from the start of the measure."""

    def __init__(
        self,
        setting: Setting,
        drafts: Sequence[BarDraft],
        bars: Sequence[PartBar],
        place: int,
        transposition: int,
        *,
        keeps_notes: bool,
    ) -> None:
        self.setting = setting
        self.drafts = drafts
        self.bars = bars
        self.first_voice = _VOICES_A_STAFF * place
        self.transposition = transposition
        self.keeps_notes = keeps_notes
        self.meter = Meter()
        self.handlers: dict[str, Callable[[Element], None]] = {
            "Chord": self._chord,
            "Rest": self._rest,
            "location": self._location,
            "Tuplet": self._tuplet,
            "endTuplet": self._end_tuplet,
            "KeySig": self._key,
            "TimeSig": self._time,
            "Harmony": self._harmony,
            "FretDiagram": self._fret_diagram,
            "Tempo": self._tempo,
            "RehearsalMark": self._rehearsal,
            "StaffText": self._words,
            "SystemText": self._words,
            "Spanner": self._spanner,
            "Marker": self._marker,
            "Jump": self._jump,
            "startRepeat": self._start_repeat,
            "endRepeat": self._end_repeat,
        }

    def read(self, measures: Sequence[Element]) -> None:
        """Fill the bars, and what all parts share.

        Raises:
            CorpusError: naming the bar and what is impossible in it.
        """
        for self.place, measure in enumerate(measures):
            self.draft = self.drafts[self.place]
            self.bar = self.bars[self.place]
            try:
                self._measure(measure)
            except (CorpusError, ScoreError) as error:
                raise CorpusError(f"bar {self.draft.number}: {error}") from None

    def _measure(self, measure: Element) -> None:
        self.cursor = Fraction(0)
        self.tuplets: list[Fraction] = []
        self.voice = self.first_voice
        for element in measure:
            if element.tag == "voice":
                self.cursor = Fraction(0)
                self.tuplets = []
                self._take(element)
                self.voice += 1
            elif handler := self.handlers.get(element.tag):
                handler(element)
        length = measure.get("len")
        beats = 4 * _fraction(length) if length else Fraction(self.meter.bar_ticks, TICKS_PER_BEAT)
        if not 0 < beats <= MAX_BAR_BEATS:
            raise CorpusError(f"lasts {float(beats):g} beats; more than 0 and at most {MAX_BAR_BEATS} are read")
        self.draft.length = max(self.draft.length, _ticks(beats))

    def _take(self, voice: Element) -> None:
        for element in voice:
            if handler := self.handlers.get(element.tag):
                handler(element)
            if abs(self.cursor) > MAX_BAR_BEATS:
                raise CorpusError(f"goes on past {MAX_BAR_BEATS} beats")

    def _beats(self, element: Element) -> Fraction:
        kind = (element.findtext("durationType") or "").strip()
        if kind == "measure":
            return 4 * _fraction(element.findtext("duration"))
        if kind not in _BEATS:
            raise CorpusError(f"a note lasts '{kind[:20]}', which is no length")
        dots = min(max(_integer(element.findtext("dots") or "0"), 0), _MOST_DOTS)
        beats = _BEATS[kind] * (2 - Fraction(1, 2**dots))
        for factor in self.tuplets:
            beats *= factor
        return beats

    def _chord(self, element: Element) -> None:
        if any(element.find(kind) is not None for kind in _GRACE):
            self.setting.left_out["grace notes"] += len(element.findall("Note"))
            return
        beats = self._beats(element)
        onset = _ticks(self.cursor)
        self.cursor += beats
        duration = _ticks(self.cursor) - onset
        for note in element.iterfind("Note") if self.keeps_notes and duration > 0 and onset >= 0 else ():
            self.bar.notes.append(self._note(note, onset, duration))
        if element.find("Lyrics") is not None:
            self.setting.left_out["syllables of lyrics"] += 1

    def _note(self, element: Element, onset: int, duration: int) -> WrittenNote:
        pitch = _integer(element.findtext("pitch"))
        if not 0 <= pitch <= 127:
            raise CorpusError(f"the pitch {pitch} is outside MIDI's range")
        ties = [spanner for spanner in element.iterfind("Spanner") if spanner.get("type") == "Tie"]
        return WrittenNote(
            onset,
            duration,
            pitch,
            voice=self.voice,
            tied=any(tie.find("next") is not None for tie in ties),
            ends_tie=any(tie.find("prev") is not None for tie in ties),
            fifths=_fifths(element.findtext("tpc"), pitch),
        )

    def _rest(self, element: Element) -> None:
        self.cursor += self._beats(element)

    def _location(self, element: Element) -> None:
        self.cursor += 4 * _fraction(element.findtext("fractions") or "0/1")

    def _tuplet(self, element: Element) -> None:
        normal, actual = _integer(element.findtext("normalNotes")), _integer(element.findtext("actualNotes"))
        if normal < 1 or actual < 1:
            raise CorpusError(f"a tuplet of {actual} in the time of {normal} notes; both are 1 or more")
        self.tuplets.append(Fraction(normal, actual))

    def _end_tuplet(self, _: Element) -> None:
        del self.tuplets[-1:]

    def _key(self, element: Element) -> None:
        """Set the key if it is the first; versions before 4.2 write only the displayed one, as its accidentals."""
        concert = element.findtext("concertKey")
        text = concert or element.findtext("accidental")
        if self.setting.has_key or text is None:
            return
        fifths = _integer(text)
        mode = (element.findtext("mode") or "").strip()
        if -7 <= fifths <= 7:
            is_minor = mode in ("minor", "aeolian")
            key = Key((MINOR_TONICS if is_minor else MAJOR_TONICS)[fifths + 7], is_minor)
            self.setting.key = key if concert else transposed_key(key, self.transposition)
            self.setting.has_key = True
            self.setting.has_mode = mode not in ("", "none", "unknown")

    def _time(self, element: Element) -> None:
        self.meter = Meter(_integer(element.findtext("sigN")), _integer(element.findtext("sigD")))
        self.draft.meter = self.draft.meter or self.meter

    def _fret_diagram(self, element: Element) -> None:
        if (harmony := element.find("Harmony")) is not None:
            self._harmony(harmony)

    def _harmony(self, element: Element) -> None:
        try:
            infos = element.findall("harmonyInfo") or [element]
            chord, *others = [self._read_chord(info) for info in reversed(infos)]
        except ChordError as error:
            self.setting.not_understood.append(f"bar {self.draft.number}: {error}")
            return
        for above in others:
            chord = chord.under(above) if chord and above else chord or above
        self.bar.chords.append(WrittenChord(max(_ticks(self.cursor), 0), chord))

    def _read_chord(self, info: Element) -> Chord | None:
        root, bass = info.findtext("root"), info.findtext("base") or info.findtext("bass")
        name = (info.findtext("name") or "").strip()
        if root is None and is_no_chord(name):
            return None
        if name.startswith(("0", "t")):  # MuseScore's signs for half-diminished and a triangle
            name = {"0": "ø", "t": "Δ"}[name[0]] + name[1:]
        chord = parse_chord((_note_name(root) if root else "") + name + (f"/{_note_name(bass)}" if bass else ""))
        if self.transposition % 12 == 0:
            return chord
        names = SHARP_NAMES if self.setting.key.fifths > 0 else FLAT_NAMES
        return chord.transposed(self.transposition, names)

    def _tempo(self, element: Element) -> None:
        text = element.findtext("tempo") or ""
        if _DECIMAL.fullmatch(text) and float(text) > 0:
            self.draft.tempos.setdefault(max(_ticks(self.cursor), 0), 60 * float(text))

    def _rehearsal(self, element: Element) -> None:
        self.draft.section = self.draft.section or words_in(element)[:40]

    def _words(self, element: Element) -> None:
        words = words_in(element)
        self.draft.sign(**signs_in(words))
        if SWING.search(words) or element.find("swing") is not None:
            self.setting.feel, self.setting.rhythm_feel = "swing", words[:60]

    def _spanner(self, element: Element) -> None:
        volta = element.find("Volta")
        if volta is None:
            return
        numbers = [int(number) for number in re.findall(r"\d{1,3}", volta.findtext("endings") or "")]
        endings = frozenset(number for number in numbers if 1 <= number <= MAX_TIMES)
        bars = _integer(element.findtext("next/location/measures") or "1")
        for draft in self.drafts[self.place : self.place + max(bars, 1)]:
            draft.sign(endings=draft.signs.endings | endings)

    def _marker(self, element: Element) -> None:
        label = (element.findtext("label") or "").strip().lower()
        if sign := _MARKERS.get(label):
            self.draft.sign(**{sign: True})

    def _jump(self, element: Element) -> None:
        target, until = (element.findtext(tag) or "" for tag in ("jumpTo", "playUntil"))
        known = {"fine": "fine", "coda": "coda"}.get(until.strip().lower(), "")
        self.draft.sign(**{"da_capo" if target.strip() == "start" else "dal_segno": True, "until": known})

    def _start_repeat(self, _: Element) -> None:
        self.draft.sign(repeat_start=True)

    def _end_repeat(self, element: Element) -> None:
        self.draft.sign(times=min(max(_integer(element.text or "2"), 1), MAX_TIMES))


def _ticks(beats: Fraction) -> int:
    return round(beats * TICKS_PER_BEAT)


def _integer(text: str | None) -> int:
    if text is None or not _INTEGER.fullmatch(text):
        raise CorpusError(f"'{(text or '').strip()[:20]}' is no whole number that music needs")
    return int(text)


def _fraction(text: str | None) -> Fraction:
    found = _FRACTION.fullmatch(text or "")
    if not found or not int(found[2]):
        raise CorpusError(f"'{(text or '').strip()[:20]}' is no fraction of a whole note")
    return Fraction(int(found[1]), int(found[2]))


def _note_name(text: str) -> str:
    """Return the note name of a tonal pitch class: 14 is C, 15 G, 13 F, 12 Bb."""
    fifths = _integer(text) - _C
    if not LOWEST_FIFTHS <= fifths <= HIGHEST_FIFTHS:
        raise ChordError(f"the note {text.strip()} of a chord is none that has a name")
    return name_at(fifths)


def words_in(element: Element) -> str:
    """Return the words of a text, without its formatting."""
    text = element.find("text")
    return "" if text is None else " ".join("".join(text.itertext()).split())


def _fifths(tonal_pitch_class: str | None, pitch: int) -> int | None:
    """Return a note's place on the line of fifths; None if the file names none that fits."""
    if tonal_pitch_class is None:
        return None
    fifths = _integer(tonal_pitch_class) - _C
    fits = LOWEST_FIFTHS <= fifths <= HIGHEST_FIFTHS and (7 * fifths - pitch) % 12 == 0
    return fifths if fits else None
