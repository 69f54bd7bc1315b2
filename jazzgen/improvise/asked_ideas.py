"""Ideas in a user's notation: bars and kinds of idea, as in `1:lick 3:line 7:#melody`."""

import re
from itertools import pairwise
from typing import NamedTuple

from jazzgen.codec.ideas import IDEAS, NO_IDEA, Idea, parse_idea
from jazzgen.errors import OptionError
from jazzgen.improvise.control_table import OFF

_ITEM = re.compile(r"([1-9]\d{0,5}):(#*\d*[a-z_]+)")


class AskedIdea(NamedTuple):
    """An idea that holds from a bar, counted from 1, until the next one asked for or the end of the form."""

    bar: int
    idea: Idea


def parse_ideas(text: str) -> tuple[AskedIdea, ...]:
    """Read bars and kinds of idea; an empty text and `off` give none.

    Raises:
        OptionError: when the text does not parse, a kind is unknown, or the bars do not go up.

    Example:
        >>> [(asked.bar, IDEAS[asked.idea.kind]) for asked in parse_ideas("1:lick 3:line")]
        [(1, 'lick'), (3, 'line')]
    """
    if text == OFF:
        return ()
    found = tuple(_parse(item) for item in text.split())
    if any(a.bar >= b.bar for a, b in pairwise(found)):
        raise OptionError(f"ideas '{text}': their bars go up, one idea from each")
    return found


def _parse(item: str) -> AskedIdea:
    match = _ITEM.fullmatch(item)
    idea = parse_idea(match[2]) if match else NO_IDEA
    if match is None or idea == NO_IDEA:
        raise OptionError(
            f"ideas: '{item}': write bar:idea, as in 1:lick 3:line 7:#melody (# goes back to the one before), or off; "
            f"ideas are {', '.join(IDEAS)}"
        )
    return AskedIdea(int(match[1]), idea)
