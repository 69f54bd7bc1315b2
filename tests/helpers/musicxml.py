"""MusicXML documents for tests, from short descriptions of their measures."""

from pathlib import Path

_HEAD = '<?xml version="1.0"?><score-partwise version="4.0">{titles}<part-list>{entries}</part-list>'
FOUR_FOUR = (
    "<attributes><divisions>12</divisions><key><fifths>-2</fifths></key>"
    "<time><beats>4</beats><beat-type>4</beat-type></time></attributes>"
)


def note(pitch: str, duration: int, *extra: str, voice: int = 1) -> str:
    """A note such as `Bb4` (or `r` for a rest), with whatever XML stands before its voice."""
    if pitch == "r":
        inside = "<rest/>"
    else:
        alter = {"b": "-1", "#": "1"}.get(pitch[1:-1], "0")
        inside = f"<pitch><step>{pitch[0]}</step><alter>{alter}</alter><octave>{pitch[-1]}</octave></pitch>"
    chord = "<chord/>" if "<chord/>" in extra else ""
    rest = "".join(part for part in extra if part != "<chord/>")
    return f"<note>{chord}{inside}<duration>{duration}</duration>{rest}<voice>{voice}</voice></note>"


def harmony(root: str, kind: str, text: str = "", *, alter: int = 0, more: str = "") -> str:
    return (
        f"<harmony><root><root-step>{root}</root-step><root-alter>{alter}</root-alter></root>"
        f'<kind text="{text}">{kind}</kind>{more}</harmony>'
    )


def direction(inside: str, sound: str = "") -> str:
    return f"<direction><direction-type>{inside}</direction-type>{sound}</direction>"


def save(path: Path, *parts: list[str], names: tuple[str, ...] = ("Sax",), titles: str = "", entry: str = "") -> Path:
    """Writes a score whose parts are lists of measures."""
    entries = "".join(
        f'<score-part id="P{n}"><part-name>{name}</part-name>{entry}</score-part>' for n, name in enumerate(names)
    )
    bodies = ""
    for n, measures in enumerate(parts):
        inside = "".join(f'<measure number="{k}">{measure}</measure>' for k, measure in enumerate(measures, 1))
        bodies += f'<part id="P{n}">{inside}</part>'
    path.write_text(f"{_HEAD.format(titles=titles, entries=entries)}{bodies}</score-partwise>", encoding="utf-8")
    return path
