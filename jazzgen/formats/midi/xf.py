"""Chord symbols as Yamaha's keyboards and sequencers write them: a meta event of seven bytes.

    43 7B 01 root type bass-root bass-type

A root is an accidental in the upper half, 0 for three flats, 3 for none, 6 for three sharps, and a letter in the lower
one, C being 1; a root or type of 7F is none. From "XF Format Specifications" 2.01 (Yamaha, 1999).
"""

XF = "XF chord"
_SIGN = b"\x43\x7b\x01"
_NONE = 0x7F
_ACCIDENTALS = ("bbb", "bb", "b", "", "#", "##", "###")
_LETTERS = "CDEFGAB"
# By type, from 0 on; "cancel", the last, is no chord.
_QUALITIES = (
    *("", "6", "maj7", "maj7#11", "add9", "maj9", "6/9", "aug"),
    *("m", "m6", "m7", "m7b5", "madd9", "m9", "m11", "mmaj7", "mmaj9"),
    *("dim", "dim7", "7", "7sus4", "7b5", "9", "7#11", "13", "7b9", "7b13", "7#9"),
    *("maj7#5", "7#5", "5", "5", "sus4", "sus2"),
)
_CANCEL = len(_QUALITIES)


def read_xf_chord(content: bytes) -> str:
    """The symbol that a meta event holds, `N.C.` for none; empty if it is something else, or makes no sense."""
    if not content.startswith(_SIGN) or len(content) < len(_SIGN) + 2:
        return ""
    root, kind, *bass = content[len(_SIGN) :]
    if kind in (_CANCEL, _NONE) or root == _NONE:
        return "N.C."
    name = _note(root)
    if not name or kind > _CANCEL:
        return ""
    below = _note(bass[0]) if bass and bass[0] != _NONE else ""
    return name + _QUALITIES[kind] + (f"/{below}" if below and below != name else "")


def _note(value: int) -> str:
    """The name of a root; empty if there is none such."""
    accidental, letter = value >> 4, (value & 0xF) - 1
    if accidental >= len(_ACCIDENTALS) or not 0 <= letter < len(_LETTERS):
        return ""
    return _LETTERS[letter] + _ACCIDENTALS[accidental]
