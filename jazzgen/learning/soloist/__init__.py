"""The soloist: an LSTM over whole notes that hears chord, bar and itself, and remembers licks and motifs.

Doors: `bundle.load_soloist` (on disk), `session` (notes drawn in NumPy), `training` and `graphs` (Keras), `check` (that
both agree), `ear` (the critic that ships with it).
"""
