"""The band: comping, bass and drums in a style, and the performance of written notes.

Doors: `arrange.arrange` (a written solo to what is played), `players.PLAYERS` (a row for each player), `styles` and
`choice` (which style). `rhythm_section` has the players play; `perform` swings, accents and delays.
"""
