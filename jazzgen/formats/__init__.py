"""Readers and writers of music files, one module or folder for each format.

Doors: `registry` (which reader a file gets), `reading` (what a reader returns), `midi` and `midi.write`, `notation`
(MusicXML, ABC and what music21 reads), `charts` (chord changes without notes), `streams` and `to_streams` (music21).
"""
