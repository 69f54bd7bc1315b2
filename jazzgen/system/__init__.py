"""What every part stands on, and what knows nothing of music.

Doors: `files` (written whole or not at all), `places` (where jazzgen's own things are), `download`, `limits` (on what
reading one file may cost), `quiet` (libraries that talk too much), `hashing`.
"""
