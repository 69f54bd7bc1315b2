"""Bar lines, endings and the signs of the road: repeats, segno, coda, D.C., D.S. and Fine, in MusicXML."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement

from jazzgen.harmony.unfold import Signs

_PLAIN = Signs()
_USUAL_TIMES = 2  # what a repeat sign means by itself


@dataclass(frozen=True, slots=True)
class Road:
    """What stands at the edges of each bar.

    Attributes:
        signs: of the bars, or empty if they are printed as played.
        sections: indices of bars that start a section; a double bar line stands before each.
        lines: indices of bars that start a line.
        bars: how many there are; a final bar line stands after the last.
    """

    signs: Sequence[Signs]
    sections: Collection[int]
    lines: Collection[int]
    bars: int

    def line_break(self, index: int) -> Iterator[Element]:
        """Yield what starts a new line at a measure."""
        if index and index in self.lines:
            yield Element("print", {"new-system": "yes"})

    def left(self, index: int) -> Iterator[Element]:
        """Yield what a measure begins with: a bar line and the signs that jumps lead to."""
        signs = self._signs(index)
        starts_ending = bool(signs.endings) and signs.endings != self._signs(index - 1).endings
        if signs.repeat_start or starts_ending:
            line = Element("barline", location="left")
            if signs.repeat_start:
                SubElement(line, "bar-style").text = "heavy-light"
            if starts_ending:
                _add_ending(line, signs.endings, "start")
            if signs.repeat_start:
                SubElement(line, "repeat", direction="forward")
            yield line
        for name in ("segno", "coda"):
            if getattr(signs, name):
                yield _sign(name)

    def right(self, index: int) -> Iterator[Element]:
        """Yield what a measure ends with: words such as D.C. al Fine, and a bar line that is not plain."""
        signs = self._signs(index)
        for text, sound in _words(signs):
            yield _direction(text, sound)
        ends_ending = bool(signs.endings) and signs.endings != self._signs(index + 1).endings
        style = self._style(index)
        if style or ends_ending:
            line = Element("barline", location="right")
            if style:
                SubElement(line, "bar-style").text = style
            if ends_ending:
                _add_ending(line, signs.endings, "stop" if signs.times > 1 else "discontinue")
            if signs.times > 1:
                repeat = SubElement(line, "repeat", direction="backward")
                if signs.times > _USUAL_TIMES:
                    repeat.set("times", str(signs.times))
            yield line

    def _signs(self, index: int) -> Signs:
        return self.signs[index] if 0 <= index < len(self.signs) else _PLAIN

    def _style(self, index: int) -> str:
        if self._signs(index).times > 1 or index == self.bars - 1:
            return "light-heavy"
        return "light-light" if index + 1 in self.sections and not self._signs(index + 1).repeat_start else ""


def _add_ending(line: Element, endings: frozenset[int], kind: str) -> None:
    numbers = sorted(endings)
    ending = SubElement(line, "ending", number=",".join(map(str, numbers)), type=kind)
    if kind == "start":
        ending.text = ", ".join(f"{number}." for number in numbers)


def _words(signs: Signs) -> Iterator[tuple[str, dict[str, str]]]:
    if signs.times > _USUAL_TIMES and not signs.endings:
        yield f"{signs.times}x", {}
    if signs.to_coda:
        yield "To Coda", {"tocoda": "coda"}
    if signs.fine:
        yield "Fine", {"fine": "yes"}
    until = f" al {signs.until.capitalize()}" if signs.until else ""
    if signs.da_capo:
        yield f"D.C.{until}", {"dacapo": "yes"}
    if signs.dal_segno:
        yield f"D.S.{until}", {"dalsegno": "segno"}


def _sign(name: str) -> Element:
    direction = Element("direction", placement="above")
    SubElement(SubElement(direction, "direction-type"), name)
    SubElement(direction, "sound", {name: name})
    return direction


def _direction(text: str, sound: dict[str, str]) -> Element:
    direction = Element("direction", placement="above")
    SubElement(SubElement(direction, "direction-type"), "words").text = text
    if sound:
        SubElement(direction, "sound", sound)
    return direction
