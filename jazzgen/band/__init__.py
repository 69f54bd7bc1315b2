"""The rhythm section: comping, bass and drums in a style."""
