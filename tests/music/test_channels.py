"""MIDI channels for more parts than there are channels."""

from hypothesis import given
from hypothesis import strategies as st

from jazzgen.music.channels import channels_for
from jazzgen.music.score import PITCHED_CHANNELS


def test_fifteen_parts_have_a_channel_each() -> None:
    assert channels_for([0] * 15) == list(PITCHED_CHANNELS)


def test_of_twenty_the_last_ones_share_with_their_like() -> None:
    channels = channels_for([*range(14), *[40] * 6])
    assert channels == [*PITCHED_CHANNELS[:14], *[PITCHED_CHANNELS[14]] * 6]


def test_with_too_many_programs_families_share() -> None:
    channels = channels_for([*range(0, 120, 8), 1, 9, 17])
    assert channels[:15] == list(PITCHED_CHANNELS)
    assert channels[15:] == channels[:3]


@given(st.lists(st.integers(0, 127), max_size=80))
def test_parts_share_no_more_than_they_must(programs: list[int]) -> None:
    channels = channels_for(programs)
    assert {*channels} <= {*PITCHED_CHANNELS}
    assert len(channels) == len(programs)
    if len({*programs}) <= len(PITCHED_CHANNELS):
        assert all(len({p for p, c in zip(programs, channels, strict=True) if c == own}) == 1 for own in channels)
