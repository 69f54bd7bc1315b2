"""Split of a corpus into training and held-out tunes, so that no held-out tune has been heard.

All takes of a tune, by whichever player, are on one side. Which tunes are held out depends on their titles and a seed
only, not on the order of files or the machine, and one more tune moves few others.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from hashlib import sha1
from pathlib import Path

from jazzgen.errors import CorpusError
from jazzgen.formats.reading import read_bytes
from jazzgen.system.files import write_bytes

_FEWEST_TUNES = 4  # to hold any out; this and the next two set by hand
_MANY_PIECES = 50  # with fewer, titles are not doubted
_PIECES_A_TUNE = 20  # with more per title on average, titles are doubted
_RULE = "tunes sorted by the sha1 of a seed and the title; every take and every player of one tune on one side"
_TAKE = re.compile(
    r"[(\[](?=[^()\[\]]*\b(?:take|alt|alternate|master|live|version|mono|stereo)\b)[^()\[\]]*+[)\]]"
    r"|(?<![-,\s])[-,\s]++(?:alt\.?|alternate|master|first|second|third)?\s*+take(?:\s*+[#\d]++)?\s*+$"
)


def tune_of(title: str) -> str:
    """Return the title without case, accents, signs and take number, which all takes of a tune share.

    Example:
        >>> tune_of("Green Street (Take 2)") == tune_of("green street")
        True
    """
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", title) if not unicodedata.combining(sign))
    words = re.findall(r"\w+", _TAKE.sub("", plain.casefold()).replace("'", ""))
    return " ".join(words) or title


@dataclass(frozen=True, slots=True)
class Split:
    """The held-out tunes, as `tune_of` gives them."""

    held_out: frozenset[str]

    @classmethod
    def by_share(cls, titles: Iterable[str], share: float, seed: int) -> "Split":
        """Hold out about `share` of the tunes; none if that is 0 or there are fewer than four."""
        tunes = {tune_of(title) for title in titles}
        if not share or len(tunes) < _FEWEST_TUNES:
            return cls(frozenset())
        count = min(max(1, round(share * len(tunes))), len(tunes) - 1)
        return cls(frozenset(sorted(tunes, key=partial(_shuffled, seed))[:count]))

    def holds_out(self, title: str) -> bool:
        return tune_of(title) in self.held_out


def _shuffled(seed: int, tune: str) -> bytes:
    return sha1(f"{seed} {tune}".encode(), usedforsecurity=False).digest()


def few_titles(titles: Iterable[str]) -> str:
    """Return a warning if titles are so few that they can hardly name tunes; else an empty string."""
    pieces = [tune_of(title) for title in titles]
    tunes = len({*pieces})
    if len(pieces) < _MANY_PIECES or tunes * _PIECES_A_TUNE > len(pieces):
        return ""
    names = "title" if tunes == 1 else "titles"
    return (
        f"{len(pieces)} pieces have {tunes} {names} between them, and the split goes by titles; give each tune's files "
        "its title, or a folder of its own"
    )


def save_split(path: Path, split: Split, titles: Mapping[str, str]) -> None:
    """Write a split as JSON: the names of the pieces on either side, and the titles held out.

    Args:
        path: the file to write.
        split: the held-out tunes.
        titles: the title of each piece, by its name.
    """
    sides: dict[bool, list[str]] = {False: [], True: []}
    for name, title in titles.items():
        sides[split.holds_out(title)].append(name)
    held_out = sorted({title for title in titles.values() if split.holds_out(title)})
    data = {"rule": _RULE, "train": sides[False], "val": sides[True], "val_titles": held_out}
    write_bytes(path, json.dumps(data, ensure_ascii=False, indent=1).encode())


def load_split(path: Path) -> Split:
    """Read a split; the inverse of `save_split`. Only the held-out titles count, so later files are split too.

    Raises:
        CorpusError: if the file is no split.
    """
    try:
        titles = json.loads(read_bytes(path))["val_titles"]
        if not isinstance(titles, list) or not all(isinstance(title, str) for title in titles):
            raise TypeError
    except CorpusError as error:
        raise CorpusError(f"{path}: {error}") from None
    except (ValueError, KeyError, TypeError):
        raise CorpusError(f"{path}: is no split, which has 'val_titles'; make one: jazzgen corpus split") from None
    return Split(frozenset(tune_of(title) for title in titles))
