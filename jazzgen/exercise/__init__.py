"""The published exercise under its own names: its notebooks run with only their import lines changed.

    part1   an RNN and an LSTM in NumPy, forward and backward       (from `reference`)
    part2   a character model that makes dinosaur names             (from `reference.charlm`)
    part3   a jazz model in Keras: data, two graphs, a MIDI file    (from `learning.grammar`, `codec`)

Each is a thin layer of names, arguments and defaults over the module given. The functions are those of the exercise's
first edition, whose file gives 78 values. docs/exercise.md lists them all, with their published values.
"""
