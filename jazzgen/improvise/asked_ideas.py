"""Ideas as a user asks for them: bars and kinds, as in `1:lick 3:line 7:#melody`."""

import re
from itertools import pairwise
from typing import NamedTuple

from jazzgen.codec.ideas import IDEAS, NO_IDEA, Idea, parse_idea
from jazzgen.errors import OptionError
from jazzgen.improvise.control_table import OFF

_ITEM = re.compile(r"([1-9]\d{0,5}):(#*\d*[a-z_]+)")


class AskedIdea(NamedTuple):
    """An idea from a bar on, counted from 1, to the next that is asked for or the end of the form."""

    bar: int
    idea: Idea


def parse_ideas(text: str) -> tuple[AskedIdea, ...]:
    """Reads bars and kinds; none in an empty text, nor in `off`.

    Raises:
        OptionError: when it does not parse, a kind is unknown, or the bars do not go up.
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
