"""What measures jazzgen: benchmarks, ablations, solos over a corpus's changes. No part of what is installed."""
