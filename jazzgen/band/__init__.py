"""The band: comping, bass and drums in a style, and the performance of written notes."""
