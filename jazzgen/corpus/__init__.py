"""Files to scores."""
