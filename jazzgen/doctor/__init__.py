"""What trips DAWs in a MIDI file: checks that find it, and a mended file.

bytes -> song.load_song -> Song -> checks.examine -> Finding ...
                                -> mend.mended    -> Song -> song.song_bytes -> bytes

Files are taken apart by the parser that scores are read with, so that the doctor and the reader agree on every one.
"""
