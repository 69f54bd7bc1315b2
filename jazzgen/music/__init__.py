"""Represent music as frozen values that all of jazzgen uses, all times in whole ticks.

Doors: `score.Score` (parts, changes, meters, tempos), `timing` (ticks, beats, seconds, meters), `melody` (one note at a
time), `swing` (eighths made even and swung). `timing` lies below `harmony`, as changes need bars; the rest above.
"""
