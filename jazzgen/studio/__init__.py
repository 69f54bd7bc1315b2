"""The studio: a local web page to write changes, hear solos and keep the good ones.

page (TypeScript, `page/`, built into `static/`)
-> app        JSON API; `guard` keeps others out, `keys` let in; `requests` limits what a request may hold
-> session    takes in one SQLite file (`database`): a take is the bytes of its MIDI file, with its recipe inside
-> workers    processes that play and can be stopped, as many at once as there are
              `places`; `work` is what they do, `view` what the page draws
"""

from jazzgen.system.extras import require

require("studio")  # before a module of this package imports it
