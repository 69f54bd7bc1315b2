"""Scores as MusicXML 4.0, for notation programs; `formats.notation` reads it back.

Doors: `musicxml_bytes` and `write_musicxml` here, `engrave` (PDF, SVG, PNG), `measures` (what stands in a bar).

Swing is written as even eighths with the word Swing, as usual in jazz. Played parts are quantized to the grid of 12
places per beat, and the gaps of their articulation closed.
"""

from jazzgen.engraving.document import musicxml_bytes, write_musicxml

__all__ = ["musicxml_bytes", "write_musicxml"]
