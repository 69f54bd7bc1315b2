"""Change a solo after it was played: its key, length, tempo or swing. `new_bars` plays bars of it anew.

Each function takes a score as read from its file and returns a take whose recipe holds its source's, so that `remake`
can make it again.
"""

from dataclasses import dataclass, replace
from operator import attrgetter, itemgetter

import numpy as np

from jazzgen.band.arrange import Arrangement, arrange
from jazzgen.band.players import PLAYERS
from jazzgen.errors import OptionError
from jazzgen.harmony.changes import MAX_BARS, moved_changes
from jazzgen.improvise.controls import Controls
from jazzgen.improvise.options import MAX_CHORUSES, MIN_TEMPO
from jazzgen.improvise.written import as_written
from jazzgen.learning.soloist.bundle import Soloist
from jazzgen.music.gesture import carried, fitting, shifted, stretched
from jazzgen.music.melody import Notes, apart, monophonic
from jazzgen.music.score import Mark, Part, Score
from jazzgen.music.swing import MAX_RATIO, in_each_meter, swing, swing_anew, swing_ratio
from jazzgen.music.swung import hear_swing
from jazzgen.music.timing import MAX_BPM, Meter, without_repeats
from jazzgen.music.transposition import moved_part
from jazzgen.music.written import as_told, is_told
from jazzgen.takes.new_bars import Retake, fitted, swing_of, with_new_bars
from jazzgen.takes.plain import Json
from jazzgen.takes.recipe import Recipe, improvised
from jazzgen.takes.steps import Lengthened, Retimed, Step, Transposed
from jazzgen.takes.take import Take

MAX_SEMITONES = 12  # an octave either way; set by hand
_CANDIDATES = 4  # set by hand


@dataclass(frozen=True, slots=True)
class Timing:
    """The tempo and swing that a solo is to have.

    Attributes:
        bpm: tempo, quarter notes a minute; None keeps it.
        swing: ratio of the first eighth to the second; None keeps it.
    """

    bpm: float | None = None
    swing: float | None = None

    def __post_init__(self) -> None:
        if self.bpm is not None and not MIN_TEMPO <= self.bpm <= MAX_BPM:
            raise OptionError(f"tempo {self.bpm:g}: it is {MIN_TEMPO:g} to {MAX_BPM:g} beats a minute")
        if self.swing is not None and not 1 <= self.swing <= MAX_RATIO:
            raise OptionError(f"swing ratio {self.swing:g}: it is 1 (even) to {MAX_RATIO:g}; 2 is triplet swing")


def make_transposed(played: Score, semitones: int, source: Json | None = None) -> Take:
    """Transpose the solo by half steps, down if negative; the band moves to the same key by at most a tritone.

    Raises:
        OptionError: when a note would leave the MIDI range.
    """
    if not -MAX_SEMITONES <= semitones <= MAX_SEMITONES:
        raise OptionError(f"transpose {semitones}: it is {-MAX_SEMITONES} to {MAX_SEMITONES} half steps")
    key = played.key.transposed(semitones)
    nearest = (semitones + 5) % 12 - 5
    solo, *band = played.parts
    moved = replace(
        played,
        key=key,
        changes=moved_changes(played.changes, played.key, key),
        parts=(
            moved_part(solo, semitones, played.key, key),
            *(moved_part(part, nearest, played.key, key) for part in band),
        ),
    )
    return _take(moved, source, Transposed(semitones))


def make_retimed(played: Score, timing: Timing, source: Json | None = None) -> Take:
    """Change the tempo of solo and band, or how much their eighths swing; gestures last as long as before."""
    before = heard_swing(played, source)
    after = before if timing.swing is None else timing.swing
    faster = 1.0 if timing.bpm is None else timing.bpm / played.bpm

    def move(notes: Notes, first_beat: int) -> Notes:
        if is_told(notes):
            return _told_anew(notes, before, after, first_beat)
        return swing_anew(notes, before, after, first_beat)

    def moved(part: Part) -> Part:
        notes = in_each_meter(part.notes, played, move)
        return replace(part, notes=apart(sorted(notes)), gestures=carried(part.gestures, part.notes, notes))

    swung = map(moved, played.parts) if after != before else played.parts
    parts = (replace(part, gestures=stretched(part.gestures, faster, part.notes)) for part in swung)
    retimed = replace(played, tempos=tuple((onset, bpm * faster) for onset, bpm in played.tempos), parts=tuple(parts))
    return _take(retimed, source, Retimed(after, timing.bpm))


def _told_anew(notes: Notes, before: float, after: float, first_beat: int) -> Notes:
    """Change the swing ratio of notes that say where they are written; how late each is and its end stay."""
    written = tuple(map(as_told, notes))
    swung = (swing(written, ratio, first_beat) for ratio in (before, after))
    return tuple(
        note.started_at(max(note.onset + new.onset - old.onset, 0))
        for note, old, new in zip(notes, *swung, strict=True)
    )


def heard_swing(played: Score, source: Json | None = None) -> float:
    """Return the swing ratio of a solo: by its recipe, or else by its notes."""
    known = swing_of(source)
    if known is not None:
        return known
    if is_told(played.melody.notes):
        return swing_ratio(played.bpm) if played.feel == "swing" else 1.0
    heard = hear_swing(monophonic(played.melody.notes), played)
    return heard.ratio if heard else 1.0


@dataclass(frozen=True, slots=True)
class Longer:
    """How to lengthen a solo.

    Attributes:
        choruses: the number of choruses to add.
        controls: for the new notes.
        candidates: the number of candidates, as in `Retake`.
    """

    choruses: int = 1
    controls: Controls = Controls()
    candidates: int = _CANDIDATES

    def __post_init__(self) -> None:
        if not 1 <= self.choruses <= MAX_CHORUSES:
            raise OptionError(f"choruses {self.choruses}: play 1 to {MAX_CHORUSES} more")


def make_longer(soloist: Soloist, played: Score, longer: Longer, *, seed: int, source: Json | None = None) -> Take:
    """Add choruses after the last, the band's too; existing notes stay, and a tag or ending moves to the new end.

    Raises:
        OptionError: when it would have too many bars.
    """
    rng = np.random.default_rng(seed)
    swing = heard_swing(played, source)
    start, ticks = _last_chorus(played)
    gap = range(start + ticks, start + (longer.choruses + 1) * ticks)
    wide = _widened(played, start, ticks, longer.choruses)
    numbers = [bar.number for bar in wide.bars() if gap.start <= bar.onset < gap.stop]
    bars = numbers[0], numbers[-1]
    written = as_written(wide, swing)
    retake = Retake(bars, longer.controls, longer.candidates)
    whole, new = with_new_bars(soloist, written, gap, retake, rng)
    alone = replace(whole.melody, notes=whole.melody.notes[new])
    band = arrange(whole.with_parts(alone).excerpt(*bars), _arrangement(played, swing, source), rng=rng)
    asked = longer.choruses, longer.controls, longer.candidates
    step = Lengthened(soloist.name, soloist.checksum, seed, *asked)
    return _take(_joined(wide, band, gap), source, step)


def _last_chorus(score: Score) -> tuple[int, int]:
    """Return the start and the length of the last chorus, in ticks; the whole solo if no chorus is marked."""
    choruses = score.marked("chorus")
    if choruses:
        return choruses[-1].onset, choruses[-1].duration
    bars = list(score.bars())
    return score.pickup, bars[-1].end - score.pickup


def _widened(score: Score, start: int, ticks: int, times: int) -> Score:
    """Repeat the form of the last chorus `times` more times, without notes, and move what comes after it."""
    end = start + ticks
    later = times * ticks
    copies = range(ticks, later + 1, ticks)
    if len(list(score.bars())) * (1 + times) > MAX_BARS:
        raise OptionError(f"choruses {times}: that makes more than {MAX_BARS} bars; play fewer")

    def after(onset: int) -> int:
        return onset + later if onset >= end else onset

    def moved(part: Part) -> Part:
        return replace(
            part,
            notes=tuple(replace(note, onset=after(note.onset)) for note in part.notes),
            gestures=tuple(replace(gesture, onset=after(gesture.onset)) for gesture in part.gestures),
        )

    form = score.excerpt(*_bars_of(score, start, end))
    meters = [(after(onset), meter) for onset, meter in score.meters]
    meters += [(start + copy + onset, meter) for copy in copies for onset, meter in form.meters]
    if all(onset != end for onset, _ in score.meters) and score.end > end:
        meters.append((end + later, _meter_at(score, end)))
    changes = [replace(span, onset=after(span.onset)) for span in score.changes]
    changes += [replace(span, onset=start + copy + span.onset) for copy in copies for span in form.changes]
    marks = [replace(mark, onset=after(mark.onset)) for mark in score.marks]
    marked = [replace(mark, onset=mark.onset - start) for mark in score.marks if start <= mark.onset < end]
    marks += [_again(mark, start + copy, number) for number, copy in enumerate(copies, 1) for mark in marked]
    return replace(
        score,
        meters=tuple(without_repeats(sorted(meters, key=itemgetter(0)))),
        changes=tuple(sorted(changes, key=attrgetter("onset"))),
        parts=tuple(map(moved, score.parts)),
        marks=tuple(sorted(marks, key=attrgetter("onset"))),
    )


def _bars_of(score: Score, start: int, end: int) -> tuple[int, int]:
    numbers = [bar.number for bar in score.bars() if start <= bar.onset < end]
    return numbers[0], numbers[-1]


def _meter_at(score: Score, tick: int) -> Meter:
    return next(meter for onset, meter in reversed(score.meters) if onset <= tick)


def _again(mark: Mark, onset: int, times: int) -> Mark:
    """Return a mark of the last chorus as it is `times` choruses later."""
    is_number = mark.kind == "chorus" and mark.label.isdecimal()
    label = str(int(mark.label) + times) if is_number else mark.label
    return replace(mark, onset=onset + mark.onset, label=label)


def _arrangement(played: Score, swing: float, source: Json | None) -> Arrangement:
    """Return how the band goes on: as its recipe says, or else in a fitting style with the players who are there."""
    first, gestures = improvised(source), bool(played.melody.gestures)
    if first is not None:
        return replace(first.arrangement, intro=False, ending=False, swing=swing, articulate=False, gestures=gestures)
    names = {part.name.lower() for part in played.parts}
    band = tuple(player for player in PLAYERS if player in names)
    return Arrangement(band=band, swing=swing, articulate=False, any_meter=True, gestures=gestures)


def _joined(wide: Score, new: Score, gap: range) -> Score:
    """Return the wide score with the new notes of each part in the gap."""
    played = {part.name: part for part in new.parts}
    parts = []
    for number, part in enumerate(wide.parts):
        own = played.get(part.name, Part(part.name))
        notes = [replace(note, onset=gap.start + note.onset) for note in own.notes]
        line = list(fitted(notes, part.notes, gap)) if number == 0 else notes
        gestures = sorted((*part.gestures, *fitting(shifted(own.gestures, gap.start), line)))
        parts.append(replace(part, notes=apart(sorted((*part.notes, *line))), gestures=tuple(gestures)))
    return wide.with_parts(*parts)


def _take(played: Score, source: Json | None, step: Step) -> Take:
    swing = step.swing if isinstance(step, Retimed) else heard_swing(played, source)
    return Take(as_written(played, swing), played, Recipe(step, source))
