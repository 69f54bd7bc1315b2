"""The operating system, for every other package; knows nothing of music.

Doors: `files` (atomic writes), `marks` (which files are ours), `locks` (one
process a folder), `places` (where jazzgen's own files are), `extras`
(optional libraries), `download`, `processes` (worker processes and limits on them), `quiet` (libraries that print or
take every core), `hashing`.
"""
