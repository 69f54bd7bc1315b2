"""Scores as MusicXML 4.0, for notation programs; `formats.notation` reads it back.

Swung lines are written in even eighths under the word Swing, as jazz is. A part that is not on the grid of 12 places a
beat, as played ones are not, is put on it and the gaps of its articulation are closed.
"""

from jazzgen.engraving.document import musicxml_bytes, write_musicxml

__all__ = ["musicxml_bytes", "write_musicxml"]
