"""The layer maths in plain NumPy, equations written as equations: what the rest of the project is checked against.

NumPy alone, float64 unless the arrays given say otherwise. `gradcheck` measures every gradient against differences;
`packing` takes weights from Keras and back, for `jazzgen check`.
"""
