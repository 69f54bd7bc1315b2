"""What a line is there for. Program, range and notes decide; its name counts where they leave it open.

Programs are General MIDI's, counted from 0 ("General MIDI System Level 1", MMA, RP-003).
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from jazzgen.formats.midi.voices import Voice
from jazzgen.music.melody import Notes
from jazzgen.music.score import Note
from jazzgen.music.timing import TICKS_PER_BEAT

CHORD_NAMES = re.compile(r"chord|comp|piano|keys|rhodes|organ|harmony|accomp", re.I)
# What says outright that a track is the solo, and instruments that play one, if others do too.
SOLO_WORDS = re.compile(r"(?<![a-z])(?:melod(?:y|ie|ia)|lead|vocals?|vox|solo(?:ist)?|theme|head)(?![a-z])", re.I)
SOLO_INSTRUMENTS = re.compile(r"voice|sax|trumpet|flute|clarinet|violin|guit", re.I)
_BASS_NAMES = re.compile(
    r"(?<![a-z])(?:\w*bass|tuba)(?![a-z])(?!\W*(?:clarinet|flute|trombone|sax|drum|trumpet))", re.I
)
_DRUM_NAMES = re.compile(r"(?<!steel )(?<!steel)(?:drum|perc|(?<![a-z])kit(?![a-z])|batter[iy]|schlagz)", re.I)
_CLICK_NAMES = re.compile(r"click|metronom|count.?(?:in|off)", re.I)
_BASSES = {*range(32, 40), 43, 58}  # and contrabass, tuba
_KEYBOARDS = {*range(8), *range(16, 22)}
_SOLOISTS = {11, 22, 40, 41, 42, 56, 57, 59, *range(64, 72), *range(72, 80), *range(80, 88)}
_ACCOMPANISTS = {*range(48, 56), *range(88, 96)}
UNPITCHED = "unpitched percussion"
_UNPITCHED = {113, *range(115, 128)}
# Keys of General MIDI's drum kit that drummers use most.
_KICKS, _SNARES, _CYMBALS = {35, 36}, {37, 38, 39, 40}, {42, 44, 46, 49, 51, 53, 57, 59}
_KIT = {*_KICKS, *_SNARES, *_CYMBALS, 41, 43, 45, 47, 48, 50, 55, 56}
_LOW, _LOW_FOR_A_BASS, _LOW_BY_NAME = 48, 43, 60  # mean pitches
# Shares and counts, set by hand on the files in tests/formats/midi/cases, with room on both sides.
_KIT_BY_NAME, _KIT_BY_NOTES, _STRUCK_TOGETHER = 0.7, 0.95, 0.15
_MOST_CLICKS, _LEAST_CLICKS, _STEADY = 2, 8, 0.95


def is_bass(voice: Voice) -> bool:
    """True for a bass by its program; by its range; or by its name, unless the range is too high for one."""
    mean = voice.mean_pitch
    if voice.says_program and voice.program:
        return voice.program in _BASSES or mean < _LOW_FOR_A_BASS
    return mean < _LOW or (mean < _LOW_BY_NAME and bool(_BASS_NAMES.search(voice.name)))


def without_pitch(voice: Voice) -> str:
    """What a line is whose notes are no pitches, though its channel is not that of drums; empty for all others."""
    if not voice.notes or voice.is_drums:
        return ""
    if is_kit(voice.notes, voice.name, voice.program):
        return "a drum kit"
    if _is_click(voice):
        return "a click track"
    unpitched = voice.says_program and voice.program in _UNPITCHED
    return UNPITCHED if unpitched and not _says_pitched(voice.name) else ""


def _says_pitched(name: str) -> bool:
    return any(words.search(name) for words in (SOLO_WORDS, SOLO_INSTRUMENTS, CHORD_NAMES, _BASS_NAMES))


def is_kit(notes: Sequence[Note], name: str, program: int) -> bool:
    """True for a drum kit on a channel that is not the drums': by its keys, fewer of them if it is called one."""
    called_one = bool(_DRUM_NAMES.search(name))
    if program in _SOLOISTS or not (called_one or (program not in _BASSES and not _says_pitched(name))):
        return False
    struck = Counter(note.pitch for note in notes)
    share = sum(count for pitch, count in struck.items() if pitch in _KIT) / max(struck.total(), 1)
    if called_one:
        return share >= _KIT_BY_NAME
    whole = struck.keys() & _KICKS and struck.keys() & _SNARES and struck.keys() & _CYMBALS
    return bool(whole) and share >= _KIT_BY_NOTES and _is_struck(notes)


def _is_struck(notes: Sequence[Note]) -> bool:
    """Whether notes are short, and cymbals come with other drums, as with nothing else so low."""
    places: dict[int, set[int]] = defaultdict(set)
    for note in notes:
        places[note.onset].add(note.pitch)
    together = sum(len(pitches) > 1 and bool(pitches & _CYMBALS) for pitches in places.values())
    return together >= _STRUCK_TOGETHER * len(places) and median(n.duration for n in notes) <= TICKS_PER_BEAT // 2


def _is_click(voice: Voice) -> bool:
    """One or two keys, struck shortly and evenly."""
    keys = {note.pitch for note in voice.notes}
    onsets = sorted({note.onset for note in voice.notes}) if len(keys) <= _MOST_CLICKS else []
    if len(onsets) < 2:
        return False
    steps = Counter(b - a for a, b in pairwise(onsets))
    ((step, count),) = steps.most_common(1)
    short = median(note.duration for note in voice.notes) <= step / 2
    steady = count >= _STEADY * steps.total() and len(onsets) >= _LEAST_CLICKS
    unnamed = short and steady and not _says_pitched(voice.name) and (len(keys) == 1 or not is_bass(voice))
    return bool(_CLICK_NAMES.search(voice.name)) or unnamed


def is_keyboard(voice: Voice) -> bool:
    """True for what two hands play, as far as the program tells; where none is set it may be one."""
    return voice.program in _KEYBOARDS


def says_solo(voice: Voice) -> bool:
    return bool(SOLO_WORDS.search(voice.name))


def is_soloist(voice: Voice) -> bool:
    """True for what is called a solo, or has the program of an instrument that plays one."""
    return says_solo(voice) or (voice.says_program and voice.program in _SOLOISTS)


def likeness(voice: Voice, line: Notes) -> float:
    """How like a solo a voice is, `line` being its notes one at a time; each fact is worth about one."""
    share = len(line) / len(voice.notes)
    register = 1.0 if 55 <= voice.mean_pitch <= 84 else 0.3
    busy = min(len(voice.notes) / 100, 1.0)
    return 2 * share + register + busy + _by_name(voice, share) + _by_program(voice)


def _by_name(voice: Voice, share: float) -> float:
    if says_solo(voice) and share > _CHORDAL:
        return _OUTRIGHT
    if SOLO_INSTRUMENTS.search(voice.name):
        return 1.0
    return -0.5 if CHORD_NAMES.search(voice.name) or _BASS_NAMES.search(voice.name) else 0.0


def _by_program(voice: Voice) -> float:
    if not voice.says_program:
        return 0.0
    return 1.0 if voice.program in _SOLOISTS else -1.0 if voice.program in _ACCOMPANISTS else 0.0


# A name that says that a track is the solo outweighs all else, unless it plays chords.
_OUTRIGHT, _CHORDAL = 4.0, 0.35
