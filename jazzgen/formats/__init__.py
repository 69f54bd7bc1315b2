"""One folder a format, reading beside writing; nothing else knows what a file of music looks like inside.

Doors: `registry` (which suffix is read by what), `reading` (what a reader gives), `midi` and `midi.write`, `notation`
(MusicXML, ABC and what music21 reads), `charts` (sheets of changes alone), `streams` and `to_streams` (music21's own).
"""
