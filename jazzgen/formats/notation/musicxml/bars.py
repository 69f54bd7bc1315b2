"""Read the measures of one MusicXML part: notes, chord symbols, and the signs that all parts share."""

import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from math import floor
from xml.etree.ElementTree import Element

from jazzgen.errors import ChordError, CorpusError, ScoreError
from jazzgen.formats.notation.drafts import MAX_BAR_BEATS, SWING, BarDraft, Setting, signs_in
from jazzgen.formats.notation.musicxml.harmony import read_harmony
from jazzgen.formats.notation.musicxml.values import number_in, reason_to_leave, ticks, transposed_key, velocity
from jazzgen.formats.notation.written import PartBar, WrittenChord, WrittenNote
from jazzgen.harmony.pitch import FLAT_NAMES, LETTERS, MAJOR_TONICS, MINOR_TONICS, SHARP_NAMES, Key, written_fifths
from jazzgen.harmony.unfold import MAX_TIMES
from jazzgen.music.timing import TICKS_PER_BEAT, Meter

_SOUND_SIGNS = {
    "dacapo": "da_capo",
    "dalsegno": "dal_segno",
    "segno": "segno",
    "coda": "coda",
    "tocoda": "to_coda",
    "fine": "fine",
}
_QUARTER = 4  # denominator of the longest beat to which offsets are rounded
_MINOR_MODES = ("minor", "aeolian")
_BEAT_UNITS = {"breve": 8, "whole": 4, "half": 2, "quarter": 1, "eighth": 0.5, "16th": 0.25, "32nd": 0.125}


class PartReader:
    """Reads the measures of a part.

    The cursor is an exact fraction of quarter notes from the start of the measure; ticks are rounded from it, so that
    rounding errors do not add up.
    """

    def __init__(self, setting: Setting, drafts: Sequence[BarDraft], *, keeps_notes: bool) -> None:
        self.setting = setting
        self.drafts = drafts
        self.keeps_notes = keeps_notes
        self.divisions = Fraction(1)
        self.transposition = 0
        self.moved_fifths = 0  # by the transposition
        self.meter = Meter()
        self.endings: frozenset[int] = frozenset()
        self.voices: dict[str, int] = {}
        self.handlers: dict[str, Callable[[Element], None]] = {
            "note": self._note,
            "backup": self._backup,
            "forward": self._forward,
            "attributes": self._attributes,
            "harmony": self._harmony,
            "direction": self._direction,
            "sound": self._sound,
            "barline": self._barline,
        }

    def read(self, measures: Sequence[Element]) -> list[PartBar]:
        """Return a bar for each draft; bars that the part lacks are empty."""
        bars = [PartBar() for _ in self.drafts]
        for measure, draft, bar in zip(measures, self.drafts, bars, strict=False):
            self.draft, self.bar = draft, bar
            try:
                self._measure(measure)
            except (CorpusError, ScoreError) as error:
                raise CorpusError(f"bar {self.draft.number}: {error}") from None
        return bars

    def _measure(self, measure: Element) -> None:
        self.draft.number = self.draft.number or measure.get("number", "")[:20]
        self.cursor = self.reached = self.chord_onset = Fraction(0)
        self.ends_ending = False
        for element in measure:
            if handler := self.handlers.get(element.tag):
                handler(element)
        if self.reached > MAX_BAR_BEATS:
            raise CorpusError(f"lasts {float(self.reached):g} beats; at most {MAX_BAR_BEATS} are read")
        self.draft.length = max(self.draft.length, ticks(self.reached))
        if self.endings:
            self.draft.sign(endings=self.endings | self.draft.signs.endings)
        if self.ends_ending:
            self.endings = frozenset()

    def _beats(self, element: Element, tag: str = "duration") -> Fraction:
        text = element.findtext(tag)
        return number_in(text) / self.divisions if text else Fraction(0)

    def _advance(self, beats: Fraction) -> None:
        self.cursor = max(self.cursor + beats, Fraction(0))
        self.reached = max(self.reached, self.cursor)

    def _onset(self, element: Element) -> int:
        """Return the tick in the bar of an element without duration."""
        return ticks(max(self.cursor + self._beats(element, "offset"), Fraction(0)))

    def _stand(self, element: Element) -> int:
        """Return the tick in the bar of a chord symbol.

        An offset without `sound` moves only the print, but programs use it to place symbols over long notes: if it
        leads to a beat or half a beat it is kept, otherwise it is rounded to the nearest beat.
        """
        offset = element.find("offset")
        if offset is None or offset.get("sound") == "yes":
            return self._onset(element)
        beat = Fraction(4, self.meter.denominator) if self.meter.denominator > _QUARTER else Fraction(1)
        target = max(self.cursor + self._beats(element, "offset"), Fraction(0))
        if target % (beat / 2):
            target = floor(target / beat + Fraction(1, 2)) * beat
            end = Fraction(self.meter.bar_ticks, TICKS_PER_BEAT)
            if self.cursor < end <= target:
                target = max(end - beat, self.cursor)
        return ticks(target)

    def _backup(self, element: Element) -> None:
        self._advance(-self._beats(element))

    def _forward(self, element: Element) -> None:
        self._advance(self._beats(element))

    def _note(self, element: Element) -> None:
        beats = self._beats(element)
        is_grace = element.find("grace") is not None
        if element.find("chord") is None and not is_grace:
            self.chord_onset = self.cursor
            self._advance(beats)
        if element.find("rest") is not None or not self.keeps_notes:
            return
        if reason := reason_to_leave(element, is_grace):
            self.setting.left_out[reason] += 1
            return
        onset = ticks(self.chord_onset)
        duration = ticks(self.chord_onset + beats) - onset
        if duration > 0:
            self.bar.notes.append(self._written(element, onset, duration))
        if element.find("lyric") is not None:
            self.setting.left_out["syllables of lyrics"] += 1

    def _written(self, element: Element, onset: int, duration: int) -> WrittenNote:
        ties = element.findall("tie") or element.findall("notations/tied")
        kinds = {tie.get("type") for tie in ties}
        pitch, fifths = self._pitch(element)
        return WrittenNote(
            onset,
            duration,
            pitch,
            velocity(element),
            self._voice(element),
            tied="start" in kinds,
            ends_tie="stop" in kinds,
            fifths=fifths,
        )

    def _pitch(self, element: Element) -> tuple[int, int | None]:
        """Return the MIDI pitch of a note as it sounds, and its place on the line of fifths."""
        step, octave = (element.findtext("pitch/step") or "").strip(), element.findtext("pitch/octave")
        if step not in LETTERS:
            raise CorpusError(f"a note's step is '{step[:20]}'; it is A to G")
        alter = round(number_in(element.findtext("pitch/alter") or "0"))
        pitch = 12 * (int(number_in(octave)) + 1) + LETTERS[step] + alter + self.transposition
        if not 0 <= pitch <= 127:
            raise CorpusError(f"the note {step}{octave} is outside MIDI's range")
        return pitch, written_fifths(step, alter, self.moved_fifths)

    def _voice(self, element: Element) -> int:
        """Return a number that sorts voices from the top: by the staff where each first appears, then by label."""
        label = element.findtext("voice") or "1"
        if label not in self.voices:
            staff = element.findtext("staff") or "1"
            number = label if label.isdecimal() else str(len(self.voices))
            self.voices[label] = 1000 * int(number_in(staff)) + int(number_in(number))
        return self.voices[label]

    def _attributes(self, element: Element) -> None:
        if divisions := element.findtext("divisions"):
            self.divisions = number_in(divisions)
            if self.divisions <= 0:
                raise CorpusError(f"has {divisions} divisions a quarter; it needs 1 or more")
        transpose = element.find("transpose")
        if transpose is not None and not self.setting.concert:
            chromatic = number_in(transpose.findtext("chromatic") or "0")
            self.transposition = round(chromatic) + 12 * round(number_in(transpose.findtext("octave-change") or "0"))
            self.moved_fifths = _fifths_between(round(chromatic), transpose.findtext("diatonic"))
        if (key := element.find("key")) is not None and not self.setting.has_key:
            self._key(key)
        if (time := element.find("time")) is not None:
            self._meter(time)

    def _key(self, element: Element) -> None:
        fifths = element.findtext("fifths")
        if fifths is None:
            return
        mode = (element.findtext("mode") or "").strip().lower()
        is_minor = mode in _MINOR_MODES
        tonics = MINOR_TONICS if is_minor else MAJOR_TONICS
        index = round(number_in(fifths)) + 7
        if 0 <= index < len(tonics):
            self.setting.key = transposed_key(Key(tonics[index], is_minor), self.transposition)
            self.setting.has_key = True
            self.setting.has_mode = mode not in ("", "none")

    def _meter(self, element: Element) -> None:
        beats, unit = element.findtext("beats"), element.findtext("beat-type")
        if beats and unit:
            numerator = sum(int(number_in(part)) for part in beats.split("+"))
            self.meter = Meter(numerator, int(number_in(unit)))
            self.draft.meter = self.draft.meter or self.meter

    def _harmony(self, element: Element) -> None:
        onset = self._stand(element)
        faults = list[str]()
        try:
            chord = read_harmony(element, faults)
        except ChordError as error:
            self.setting.not_understood.append(f"bar {self.draft.number}: {error}")
            return
        self.setting.not_understood += [f"bar {self.draft.number}: {fault}" for fault in faults]
        if chord and self.transposition % 12:
            names = SHARP_NAMES if self.setting.key.fifths > 0 else FLAT_NAMES
            chord = chord.transposed(self.transposition, names)
        self.bar.chords.append(WrittenChord(onset, chord))

    def _direction(self, element: Element) -> None:
        for words in element.iterfind("direction-type/words"):
            self._words((words.text or "").strip())
        for mark in element.iterfind("direction-type/rehearsal"):
            self.draft.section = self.draft.section or " ".join((mark.text or "").split())[:40]
        sound = element.find("sound")
        signs = {tag: True for tag in ("segno", "coda") if element.find(f"direction-type/{tag}") is not None}
        if "coda" in signs and (self.draft.signs.to_coda or (sound is not None and sound.get("tocoda"))):
            del signs["coda"]
        self.draft.sign(**signs)
        metronome = element.find("direction-type/metronome")
        if sound is not None:
            self._sound(sound, self._onset(element))
        if metronome is not None and (sound is None or not sound.get("tempo")):
            self._metronome(metronome, self._onset(element))

    def _words(self, words: str) -> None:
        self.draft.sign(**signs_in(words))
        if SWING.search(words):
            self.setting.feel, self.setting.rhythm_feel = "swing", words[:60]

    def _sound(self, element: Element, onset: int | None = None) -> None:
        self.draft.sign(**{sign: True for name, sign in _SOUND_SIGNS.items() if element.get(name)})
        if tempo := element.get("tempo"):
            self._tempo(float(number_in(tempo)), self._onset(element) if onset is None else onset)
        if (swing := element.find("swing")) is not None:
            self.setting.feel = "straight" if swing.find("straight") is not None else "swing"

    def _metronome(self, element: Element, onset: int) -> None:
        unit, per_minute = element.findtext("beat-unit") or "", element.findtext("per-minute") or ""
        number = re.search(r"\d{1,4}(?:\.\d{1,6})?", per_minute)
        if unit in _BEAT_UNITS and number:
            dots = len(element.findall("beat-unit-dot"))
            self._tempo(float(number[0]) * _BEAT_UNITS[unit] * (2 - 0.5**dots), onset)

    def _tempo(self, bpm: float, onset: int) -> None:
        if bpm > 0:
            self.draft.tempos.setdefault(onset, bpm)

    def _barline(self, element: Element) -> None:
        repeat, ending = element.find("repeat"), element.find("ending")
        self.draft.sign(**{tag: True for tag in ("segno", "coda") if element.find(tag) is not None})
        if repeat is not None and repeat.get("direction") == "forward":
            self.endings = frozenset()  # in case an ending was never closed
            self.draft.sign(repeat_start=True)
        elif repeat is not None:
            self.draft.sign(times=min(max(int(number_in(repeat.get("times") or "2")), 1), MAX_TIMES))
        if ending is not None:
            if ending.get("type") == "start":
                numbers = re.findall(r"\d{1,3}", ending.get("number", ""))
                self.endings = frozenset(n for n in map(int, numbers) if 1 <= n <= MAX_TIMES)
            else:
                self.ends_ending = True


def _fifths_between(chromatic: int, diatonic: str | None) -> int:
    """Return how far a transposition by half steps moves along the line of fifths, by staff steps if they are given."""
    if diatonic is None:
        return (7 * chromatic + 6) % 12 - 6
    return 7 * chromatic - 12 * round(number_in(diatonic))
