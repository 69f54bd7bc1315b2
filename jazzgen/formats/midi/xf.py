"""Read chord symbols as Yamaha's keyboards and sequencers write them: meta events of seven bytes.

    43 7B 01 root type bass-root bass-type

A root byte has the accidental in its upper four bits (0 for three flats, 3 for none, 6 for three sharps) and the letter
in the lower four (C is 1). 7F as root or type means none. Source: "XF Format Specifications" 2.01 (Yamaha, 1999).
"""

XF = "XF chord"
_SIGN = b"\x43\x7b\x01"
_NONE = 0x7F
_ACCIDENTALS = ("bbb", "bb", "b", "", "#", "##", "###")
_LETTERS = "CDEFGAB"
# By chord type, from 0 on; the type after the last is "cancel", no chord.
_QUALITIES = (
    *("", "6", "maj7", "maj7#11", "add9", "maj9", "6/9", "aug"),
    *("m", "m6", "m7", "m7b5", "madd9", "m9", "m11", "mmaj7", "mmaj9"),
    *("dim", "dim7", "7", "7sus4", "7b5", "9", "7#11", "13", "7b9", "7b13", "7#9"),
    *("maj7#5", "7#5", "5", "5", "sus4", "sus2"),
)
_CANCEL = len(_QUALITIES)


def read_xf_chord(content: bytes) -> str:
    """Return the symbol in a meta event, `N.C.` for no chord; empty if it is another event or invalid.

    >>> read_xf_chord(bytes.fromhex("43 7b 01 32 0a 7f 7f"))
    'Dm7'
    """
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
    """Return the name of a root byte; empty if it is invalid."""
    accidental, letter = value >> 4, (value & 0xF) - 1
    if accidental >= len(_ACCIDENTALS) or not 0 <= letter < len(_LETTERS):
        return ""
    return _LETTERS[letter] + _ACCIDENTALS[accidental]
