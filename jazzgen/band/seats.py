"""A player's place in a score: an empty part, and a random stream that depends on nobody else."""

from collections.abc import Mapping
from zlib import crc32

import numpy as np

from jazzgen.band.players import PLAYERS, part_name
from jazzgen.music.score import DRUM_CHANNEL, Part, Score

# Numbers of streams from when they went by place, not name: kept so that old seeds give the same band.
NOTES: Mapping[str, int] = {"piano": 0, "guitar": 1, "bass": 2, "drums": 3}
TIMING: Mapping[str, int] = {"solo": 0, "piano": 1, "bass": 2, "drums": 3, "guitar": 4}


def seat(name: str, score: Score, sound: str | None = None) -> Part:
    """Return a player's empty part, on the player's own channel or, if that is taken, the first free one.

    Args:
        name: of the player.
        score: the parts that exist already.
        sound: name of one of the player's programs; None for the default.
    """
    player = PLAYERS[name]
    channel = DRUM_CHANNEL if player.channel is None else player.channel
    if player.channel in {part.channel for part in score.parts}:
        channel = score.free_channel()
    program = next(iter(player.programs.values())) if sound is None else player.programs[sound]
    return Part(part_name(name), (), program, channel, player.volume, player.pan)


def stream_of(name: str, rng: np.random.Generator, numbered: Mapping[str, int]) -> np.random.Generator:
    """Return the random stream of a name: the same whoever else plays.

    Nothing is drawn from `rng`, so that the same `rng` gives the same stream again.

    Args:
        name: in lower case.
        rng: the parent, whose seed the stream comes from.
        numbered: stream numbers of some names; the number of any other is a checksum of the name.
    """
    parent = rng.bit_generator.seed_seq
    assert isinstance(parent, np.random.SeedSequence)  # what default_rng and spawn make
    key = numbered.get(name, crc32(name.encode()))
    child = np.random.SeedSequence(parent.entropy, spawn_key=(*parent.spawn_key, key), pool_size=parent.pool_size)
    return np.random.Generator(type(rng.bit_generator)(child))
