"""The published exercise by its own names: a notebook runs with its import lines changed, and nothing else.

    part1   an RNN and an LSTM in NumPy, forward and backward       (from `reference`)
    part2   a character model that makes dinosaur names             (from `reference.charlm`)
    part3   a jazz model in Keras: data, two graphs, a MIDI file    (from `learning.grammar`, `codec`)

Each is a thin layer of names, arguments and defaults; the work is done where it says. The functions are those of the
exercise's first edition, whose file gives 78 values. docs/exercise.md has every one, with the values it is known by.
"""
