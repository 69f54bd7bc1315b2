"""What is passed around: music as frozen values, all times in whole ticks.

Doors: `score.Score` (parts, changes, meters, tempos), `timing` (ticks, beats, seconds, meters), `melody` (one note at a
time), `swing` (eighths made even and swung). `timing` lies below `harmony`, for changes have bars; the rest above it.
"""
