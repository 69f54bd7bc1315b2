"""Writer of the part of a chord symbol after its root, in the vocabulary of one dialect.

Where a dialect has no name, the chord is composed of its signs and the common modifiers (`addb13`, `no3`), so every
chord can be written and read back.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from jazzgen.harmony.chord_qualities import (
    ALTERED,
    NAMED,
    SKELETONS,
    Skeleton,
    Tones,
    base_of,
    stacked_number,
    stacks_over,
)

_TENSION_NAMES = {
    1: "b9", 2: "9", 3: "#9", 4: "b11", 5: "11", 6: "#11", 7: "5", 8: "b13", 9: "13", 10: "#13", 11: "maj7",
}  # fmt: skip
_FIFTHS = {6: "b5", 8: "#5"}
_SUSPENSIONS = {5: "sus4", 2: "sus2"}


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """The words and word order of a dialect.

    Attributes:
        column: its column in the table of qualities.
        sus: place of the suspension: before the number (`sus7`), after it (`7sus4b9`) or after the alterations
            (`7b9sus`), an altered fifth included.
        sus4: word for a suspended fourth.
        stacks: whether 9, 11 and 13 imply the tensions below them.
        trailing: whether an accidental follows its degree (`79b`).
        bare_sixths: whether the tensions of a 6/9 chord go without "add".
        own: the dialect's own words, by the plain ones.
    """

    column: Literal["plain", "ireal", "weimar", "improvisor"]
    sus: Literal["first", "middle", "last"] = "middle"
    sus4: str = "sus4"
    stacks: bool = True
    trailing: bool = False
    bare_sixths: bool = False
    own: Mapping[str, str] = field(default_factory=dict)


PLAIN_WORDS = Vocabulary("plain")


@lru_cache(maxsize=4096)
def write_body(tones: Tones, tensions: Tones, vocabulary: Vocabulary = PLAIN_WORDS) -> str:
    """Write the symbol without root and bass; `read_body` is its inverse."""
    if tones == (0, 4, 10) and tensions == ALTERED:
        return "7alt"
    own = vocabulary.own.get(write_body(tones, tensions)) if vocabulary.own else None
    return own or _compose(tones, tensions, vocabulary)


def _compose(tones: Tones, tensions: Tones, vocabulary: Vocabulary) -> str:
    skeleton = SKELETONS[tones]
    head, rest = _head(tones, tensions, vocabulary)
    unsaid = Skeleton(4, 7, None) if _name(tones, vocabulary) is not None else skeleton
    sus = _SUSPENSIONS.get(unsaid.third or 0, "").replace("sus4", vocabulary.sus4)
    fifth = _FIFTHS.get(unsaid.fifth or 0, "")
    altered, added = _tension_words(skeleton, head, rest, vocabulary)
    order = {
        "first": (sus, head, fifth, altered),
        "middle": (head, sus, fifth, altered),
        "last": (head, altered, fifth, sus),
    }[vocabulary.sus]
    text = "".join(order)
    if text.startswith(("b", "#")):  # which would be read as the root's accidental
        text = f"({text[:2]}){text[2:]}"
    return text + added + ("no3" if unsaid.third is None else "") + ("no5" if unsaid.fifth is None else "")


def _name(tones: Tones, vocabulary: Vocabulary) -> str | None:
    quality = NAMED.get(tones)
    return getattr(quality, vocabulary.column) if quality else None


def _head(tones: Tones, tensions: Tones, vocabulary: Vocabulary) -> tuple[str, Tones]:
    """Return quality and number, and the tensions that they do not imply."""
    skeleton = SKELETONS[tones]
    name = _name(tones, vocabulary)
    head = getattr(base_of(skeleton), vocabulary.column) if name is None else name
    if skeleton.seventh == 9 and head.endswith("6") and 2 in tensions:
        return head + "9", tuple(tension for tension in tensions if tension != 2)
    if skeleton.seventh not in (10, 11):
        return head, tensions
    number, rest = stacked_number(tensions, stacks_over(skeleton) if vocabulary.stacks else {})
    return head.replace("7", number), rest


def _tension_words(skeleton: Skeleton, head: str, tensions: Tones, vocabulary: Vocabulary) -> tuple[str, str]:
    """Return the tensions that join the number as they are, and those that need "add"."""
    joined = [tension for tension in tensions if _joins(tension, skeleton, head, tensions, vocabulary)]
    added = "".join("add" + _TENSION_NAMES[tension] for tension in tensions if tension not in joined)
    names = [_TENSION_NAMES[tension] for tension in joined]
    if vocabulary.trailing:
        names = [name[1:] + name[0] if name[0] in "b#" else name for name in names]
    return "".join(names), added


def _joins(tension: int, skeleton: Skeleton, head: str, tensions: Tones, vocabulary: Vocabulary) -> bool:
    """Return whether a tension goes without "add": altered with a seventh, natural where the dialect lists them."""
    if skeleton.seventh == 9:
        return vocabulary.bare_sixths and head.endswith("69") and tension in (4, 6, 8, 10)
    if skeleton.seventh is None:
        return False
    if tension in (2, 5, 9):
        return not vocabulary.stacks and not {tension - 1, tension + 1} & set(tensions)
    return tension not in (7, 11)
