"""The commands as they are declared, a module each: options and help. Their work is in `cli`, by the same name."""
