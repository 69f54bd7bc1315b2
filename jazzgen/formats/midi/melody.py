"""Choose the melody among the lines of a MIDI file, and the lines that accompany it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from jazzgen.errors import CorpusError
from jazzgen.formats.midi.roles import CHORD_NAMES, is_bass, is_keyboard, is_soloist, likeness, says_solo
from jazzgen.formats.midi.voices import Voice
from jazzgen.formats.reading import SOLO_NAMES
from jazzgen.music.hands import split_hands
from jazzgen.music.melody import Notes, monophonic

_MIN_NOTES = 4  # of a melody; this and the next three set by hand
_CHANNEL = re.compile(r"(?:channel|ch\.?)\s*(\d+)", re.I)
# A line is not split into hands if this share of its notes comes one at a time.
_MONOPHONIC_SHARE = 0.8
_CHORDAL_SHARE = 0.5  # of the notes of a line that plays chords, at most, come one at a time
_MOST_NAMED = 4  # other solos that the reason lists


@dataclass(frozen=True, slots=True)
class Melody:
    """The melody of a file.

    Attributes:
        voice: the line chosen.
        line: its notes, one at a time.
        others: all other pitched lines, among them the left hand if the melody is a right hand.
        reason: why it was chosen, for people to read.
    """

    voice: Voice
    line: Notes
    others: tuple[Voice, ...]
    reason: str


def find_melody(voices: Sequence[Voice], wanted: str | None) -> Melody:
    """Choose the line asked for, or else the one most like a solo.

    Args:
        voices: the lines of pitched notes.
        wanted: the number of a track, `channel 4`, a name or a part of one; None to find it.

    Raises:
        CorpusError: there is no such line, or none with enough notes.
    """
    if wanted is not None:
        chosen = busiest(voices, wanted, "melody")
        if len(chosen.notes) < _MIN_NOTES:
            raise CorpusError(f"{chosen} has {len(chosen.notes)} notes there; a melody has {_MIN_NOTES} or more")
        melody = _of_hand(chosen, monophonic(chosen.notes), [voice for voice in voices if voice is not chosen])
        return replace(melody, reason=f"melody: {melody.voice}, as asked")
    playing = [voice for voice in voices if voice.notes and (says_solo(voice) or not is_bass(voice))]
    lines = [(voice, monophonic(voice.notes)) for voice in playing if len(voice.notes) >= _MIN_NOTES]
    if not lines:
        most = max((len(voice.notes) for voice in playing), default=0)
        raise CorpusError(
            f"no usable melody: pitched tracks above the bass have {most} notes at most; a melody has 4 notes or more"
        )
    chosen, line = max(lines, key=lambda found: likeness(*found))
    melody = _of_hand(chosen, line, [voice for voice in voices if voice is not chosen])
    return replace(melody, reason=_reason(melody, [voice for voice, _ in lines if voice is not chosen]))


def busiest(voices: Sequence[Voice], wanted: str, what: str) -> Voice:
    """Return the line with most notes among those that `wanted` names; `what` is its role, for the error."""
    return max(_asked_for(voices, wanted, what), key=lambda voice: len(voice.notes))


def accompaniment(playing: Sequence[Voice]) -> list[Voice]:
    """Return every bass and one chord player.

    The chord player is the melody's left hand, or else the line with most notes of those named like one, or else of
    those that mostly strike several at once, or else of those that are no bass.
    """
    hands = [voice for voice in playing if voice.hand]
    named = [voice for voice in playing if CHORD_NAMES.search(voice.name)]
    above = [voice for voice in playing if not is_bass(voice)]
    chordal = [voice for voice in above if len(monophonic(voice.notes)) <= _CHORDAL_SHARE * len(voice.notes)]
    comping = max(hands or named or chordal or above, key=lambda voice: len(voice.notes), default=None)
    return [voice for voice in playing if voice is comping or is_bass(voice)]


def _asked_for(voices: Sequence[Voice], wanted: str, what: str) -> list[Voice]:
    """Return the lines of that track number, name, part of a name, or channel, whichever matches first."""
    channel = _CHANNEL.fullmatch(wanted.strip())
    name = wanted.lower()
    if wanted.isdecimal():
        found = [voice for voice in voices if voice.track == int(wanted)]
    else:
        found = [v for v in voices if v.name.lower() == name] or [v for v in voices if name in v.name.lower()]
    if channel and not found:
        found = [voice for voice in voices if voice.channel == int(channel[1]) - 1]
    if not found:
        raise CorpusError(f"no track is '{wanted}' ({what}); tracks with notes: {_listed(voices)}")
    return found


def _listed(voices: Iterable[Voice]) -> str:
    return ", ".join(f"{v.track} '{v.name}' (channel {v.channel + 1})" for v in voices) or "none"


def _of_hand(voice: Voice, line: Notes, others: Sequence[Voice]) -> Melody:
    """Make a voice, one note at a time, the melody, or its right hand if it is a keyboard part for two hands."""
    hands = None
    if is_keyboard(voice) and len(line) < _MONOPHONIC_SHARE * len(voice.notes):
        hands = split_hands(voice.notes)
    if hands is None or len(hands[1]) < _MIN_NOTES:
        return Melody(voice, line, tuple(others), "")
    left, right = (
        replace(voice, notes=notes, hand=f"{side} hand") for side, notes in zip(("left", "right"), hands, strict=True)
    )
    return Melody(right, monophonic(right.notes), (left, *others), "")


def _reason(melody: Melody, others: Sequence[Voice]) -> str:
    voice = melody.voice
    count = len(voice.notes)
    named = ", named like one" if SOLO_NAMES.search(voice.name) else ""
    share = len(melody.line) / count
    rivals = [other for other in others if says_solo(other) or (is_soloist(other) and is_soloist(voice))]
    more = f" and {len(rivals) - _MOST_NAMED} more" if len(rivals) > _MOST_NAMED else ""
    solos = f"; other solos: {', '.join(map(str, rivals[:_MOST_NAMED]))}{more}" if rivals else ""
    return f"melody: {voice}: {count} notes, {share:.0%} of them one at a time{named}{solos}"
