"""MIDI channels for the parts of a score, of which there may be more than channels."""

from collections.abc import Sequence

from jazzgen.music.score import PITCHED_CHANNELS


def channels_for(programs: Sequence[int]) -> list[int]:
    """A channel for each part, by the parts' programs.

    Each has its own while there are enough. Then parts of one program share one, the last ones first; with more
    programs than channels those of one family (strings, brass, ..) do, and sound with the program of the first of them.
    """
    owners = _owners(programs)
    places = dict(zip(dict.fromkeys(owners), PITCHED_CHANNELS, strict=False))
    return [places.get(owner, PITCHED_CHANNELS[-1]) for owner in owners]


def _owners(programs: Sequence[int]) -> list[int]:
    """For each part the index of the one whose channel it is on, itself for most."""
    owners = list(range(len(programs)))
    kinds = (list(programs), [program // 8 for program in programs])  # General MIDI has eight programs to a family
    for kind in kinds:
        for part in reversed(range(len(programs))):
            if len({*owners}) <= len(PITCHED_CHANNELS):
                return owners
            first = kind.index(kind[part])
            owners = [owners[first] if owner == owners[part] else owner for owner in owners]
    return owners
