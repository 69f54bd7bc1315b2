"""The rhythm section. Each player takes a score and returns a new one with a part added."""
