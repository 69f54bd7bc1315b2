"""Assign MIDI channels to the parts of a score, even if there are more parts than channels."""

from collections.abc import Sequence
from dataclasses import replace

from jazzgen.music.score import DRUM_CHANNEL, PITCHED_CHANNELS, Score


def channels_for(programs: Sequence[int]) -> list[int]:
    """Assign a channel to each part by its program, never the drum channel.

    Each part has its own if there are enough. If not, parts of one program share a channel, the last ones first; with
    more programs than channels so do those of one family (strings, brass, ..), all with the program of the first.

    >>> channels_for([0, 66, 0]), channels_for([66, *[0] * 15])[-3:]
    ([0, 1, 2], [14, 15, 1])
    """
    owners = _owners(programs)
    places = dict(zip(dict.fromkeys(owners), PITCHED_CHANNELS, strict=False))
    return [places.get(owner, PITCHED_CHANNELS[-1]) for owner in owners]


def _owners(programs: Sequence[int]) -> list[int]:
    """Return for each part the index of the part whose channel it uses, its own for most."""
    owners = list(range(len(programs)))
    kinds = (list(programs), [program // 8 for program in programs])  # General MIDI has eight programs to a family
    for kind in kinds:
        for part in reversed(range(len(programs))):
            if len({*owners}) <= len(PITCHED_CHANNELS):
                return owners
            first = kind.index(kind[part])
            owners = [owners[first] if owner == owners[part] else owner for owner in owners]
    return owners


def on_own_channels(score: Score) -> Score:
    """Return the score with a MIDI channel for each part, as far as they go; drums stay on theirs."""
    if len({part.channel for part in score.parts}) == len(score.parts):
        return score
    free = iter(channels_for([part.program for part in score.parts if part.channel != DRUM_CHANNEL]))
    parts = (part if part.channel == DRUM_CHANNEL else replace(part, channel=next(free)) for part in score.parts)
    return score.with_parts(*parts)
