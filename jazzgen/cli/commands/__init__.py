"""Declarations of the commands, one module each: options and help. Their work is in `cli`, under the same name."""
