"""The studio: a page on one's own machine to write changes, hear solos and keep what one likes.

page (TypeScript, `page/`, built into `static/`)
-> app        JSON API; `guard` lets nobody else in; `models` says what a request may hold
-> session    takes, kept in one SQLite file: a take is the bytes of its MIDI file, its recipe inside
-> workers    processes that play, so that one can be stopped; `work` is what they do, `view` what a page draws
"""

from jazzgen.system.extras import require

require("studio")  # before a module of this package imports it
