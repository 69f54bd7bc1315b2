"""Tell basses, soloists, keyboards, drum kits and clicks apart, by program, range and notes, and by name if in doubt.

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

CHORD_NAMES = re.compile(
    r"chord|comp|piano|keys|rhodes|organ|harmony|accomp|klavier|clavier|tastier|teclad|ak+ord|begleit", re.I
)
# Names that say outright that a track is the solo, and names of instruments that often play one.
SOLO_WORDS = re.compile(
    r"(?<![a-z])(?:m[eé]lod(?:y|ie|[ií]a)|lead|vocals?|vox|voz|gesang|canto|solo(?:ist)?|theme|th?ema|head)(?![a-z])",
    re.I,
)
SOLO_INSTRUMENTS = re.compile(r"voice|sax|trumpet|flute|clarinet|violin|guit", re.I)
_BASS_NAMES = re.compile(r"(?:bass|(?<![a-z])tuba)(?![a-z])(?!\W*(?:clarinet|flute|trombone|sax|drum|trumpet))", re.I)
_DRUM_NAMES = re.compile(r"(?<!steel )(?<!steel)(?:drum|perc|(?<![a-z])kit(?![a-z])|batter[iy]|schlagz)", re.I)
_CLICK_NAMES = re.compile(r"click|metronom|count.?(?:in|off)", re.I)
_BASSES = {*range(32, 40), 43, 58}  # the bass family, contrabass, tuba
_KEYBOARDS = {*range(8), *range(16, 22)}
_SOLOISTS = {11, 22, 40, 41, 42, 56, 57, 59, *range(64, 72), *range(72, 80), *range(80, 88)}
_ACCOMPANISTS = {*range(48, 56), *range(88, 96)}
UNPITCHED = "unpitched percussion"
_UNPITCHED = {113, *range(115, 128)}
# Keys of General MIDI's drum kit that drummers use most.
_KICKS, _SNARES, _CYMBALS = {35, 36}, {37, 38, 39, 40}, {42, 44, 46, 49, 51, 53, 57, 59}
_KIT = {*_KICKS, *_SNARES, *_CYMBALS, 41, 43, 45, 47, 48, 50, 55, 56}
# Mean pitches below which a line is a bass: without a program, with another instrument's, and with a bass's name. Set
# by hand.
_LOW = 48
_LOW_FOR_A_BASS = 43
_LOW_BY_NAME = 60
# The shares and counts from here to `_STEADY` were set by hand on tests/formats/midi/cases, with room on both sides.
# Shares of a kit's notes that are on its usual keys, if it is named like one and if not; and of its onsets that strike
# a cymbal with another drum.
_KIT_BY_NAME = 0.7
_KIT_BY_NOTES = 0.95
_STRUCK_TOGETHER = 0.15
# A click has this many keys at most, this many onsets at least, and this share of equal steps between them.
_MOST_CLICKS = 2
_LEAST_CLICKS = 8
_STEADY = 0.95


def is_bass(voice: Voice) -> bool:
    """Return whether a line is a bass by its program or low range, or by its name if its range is not too high."""
    mean = voice.mean_pitch
    if voice.says_program and voice.program:
        return voice.program in _BASSES or mean < _LOW_FOR_A_BASS
    return mean < _LOW or (mean < _LOW_BY_NAME and bool(_BASS_NAMES.search(voice.name)))


def without_pitch(voice: Voice) -> str:
    """Name the unpitched kind of a line off the drum channel, such as "a click track"; empty if it is pitched."""
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
    """Return whether a line off the drum channel is a drum kit by its keys; with a kit's name it needs fewer."""
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
    """Return whether notes are short and cymbals often come with other drums, unlike pitched parts so low."""
    places: dict[int, set[int]] = defaultdict(set)
    for note in notes:
        places[note.onset].add(note.pitch)
    together = sum(len(pitches) > 1 and bool(pitches & _CYMBALS) for pitches in places.values())
    return together >= _STRUCK_TOGETHER * len(places) and median(n.duration for n in notes) <= TICKS_PER_BEAT // 2


def _is_click(voice: Voice) -> bool:
    """Return whether a line is one or two keys, named like a click or struck short and evenly."""
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
    """Return whether the program is a keyboard's; program 0, a piano, is also what a line without a program has."""
    return voice.program in _KEYBOARDS


def says_solo(voice: Voice) -> bool:
    return bool(SOLO_WORDS.search(voice.name))


def is_soloist(voice: Voice) -> bool:
    """Return whether a line is named a solo, or has a solo instrument's program."""
    return says_solo(voice) or (voice.says_program and voice.program in _SOLOISTS)


def likeness(voice: Voice, line: Notes) -> float:
    """Score how like a solo a voice is, higher being more like one; each fact adds about 1 (weights set by hand).

    Args:
        voice: to judge.
        line: its notes, one at a time.
    """
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


# A name that says that a track is the solo outweighs all else, unless it plays chords: no more than this share of its
# notes is one at a time. Both set by hand.
_OUTRIGHT = 4.0
_CHORDAL = 0.35
