"""What every part stands on, and what knows nothing of music.

Doors: `files` (written whole or not at all), `places` (where jazzgen's own things are), `extras` (libraries that may be
missing), `download`, `processes` (other processes, and limits on them), `quiet` (libraries that talk too much),
`hashing`.
"""
