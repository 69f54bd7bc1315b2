"""Find what trips DAWs in a MIDI file, and mend it.

bytes -> song.load_song -> Song -> checks.examine -> Finding ...
                                -> mend.mended    -> Song -> song.song_bytes -> bytes

The parser is the one that scores are read with, so that the doctor and the reader agree on every file.
"""
