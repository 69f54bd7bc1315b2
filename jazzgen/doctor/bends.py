"""Find pitch bends that sound otherwise than meant: without a range, with an odd one, or held into another note."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from jazzgen.doctor.song import Event, Song, notes_of
from jazzgen.formats.midi.messages import CONTROLLER, PITCH_BEND
from jazzgen.harmony.pitch import pitch_name

_MIDDLE = bytes((0, 64))
_DATA, _PARAMETER_FINE, _PARAMETER = 6, 100, 101
_WIDEST = 24  # half steps; set by hand, as many synthesizers go no further
# (check, track, tick, what)
Flaw = tuple[str, int, int, str]
# (tick, track, place in the track, event) of a channel and port, in order of time.
_Said = tuple[int, int, int, Event]


def bend_flaws(song: Song) -> Iterator[Flaw]:
    """Yield the flaws of each channel's bends."""
    for said in _channels(song).values():
        bent = next((one for one in said if _is_bend(one[3]) and one[3].data != _MIDDLE), None)
        if bent is not None:
            yield from _ranges(said, bent)
    for number in range(len(song.tracks)):
        yield from _held(song, number)


def _channels(song: Song) -> Mapping[tuple[int, int], Sequence[_Said]]:
    """Map (port, channel) to what is said there but notes."""
    found: dict[tuple[int, int], list[_Said]] = defaultdict(list)
    for number, track in enumerate(song.tracks):
        port = song.port(number)
        for place, event in enumerate(track):
            if event.channel is not None and not event.is_note:
                found[port, event.channel].append((event.tick, number, place, event))
    return {key: sorted(said, key=lambda one: one[:3]) for key, said in found.items()}


def _ranges(said: Sequence[_Said], bent: _Said) -> Iterator[Flaw]:
    parameter = {_PARAMETER: 127, _PARAMETER_FINE: 127}
    is_set = False
    for one in said:
        tick, number, _, event = one
        if one is bent and not is_set:
            yield "no-bend-range", number, tick, f"channel {event.status % 16 + 1} bends, and nothing says how far"
        if event.status >> 4 == CONTROLLER and event.data[0] in parameter:
            parameter[event.data[0]] = event.data[1]
        elif event.status >> 4 == CONTROLLER and event.data[0] == _DATA and not any(parameter.values()):
            is_set = True
            if not 0 < event.data[1] <= _WIDEST:
                yield "odd-bend-range", number, tick, f"a full bend is {event.data[1]} half steps"


def _held(song: Song, number: int) -> Iterator[Flaw]:
    """Yield notes that start with a bend said while an earlier one of their channel sounded, which has ended."""
    track = song.tracks[number]
    ends: dict[int, int] = defaultdict(int)  # by channel, of the notes that have started
    bent: dict[int, tuple[bool, int]] = {}  # by channel, whether off the middle, and until when a note sounds
    lengths = {on: end for _, _, _, end, _, on, _ in notes_of(track).notes}
    for place, event in enumerate(track):
        channel = event.channel
        if channel is None:
            continue
        if _is_bend(event):
            bent[channel] = (event.data != _MIDDLE and event.tick < ends[channel], ends[channel])
        elif place in lengths:
            off_middle, until = bent.get(channel, (False, 0))
            if off_middle and until <= event.tick:
                yield (
                    "held-bend",
                    number,
                    event.tick,
                    f"{pitch_name(event.pitch)} starts with the bend of a note before",
                )
                del bent[channel]
            ends[channel] = max(ends[channel], lengths[place])


def _is_bend(event: Event) -> bool:
    return event.status >> 4 == PITCH_BEND
