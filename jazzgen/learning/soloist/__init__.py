"""The soloist: a network over whole notes that hears the chord, the bar and itself, and remembers licks and motifs."""
