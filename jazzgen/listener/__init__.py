"""Train a listener to tell a model's solos from people's over the same changes, and measure how well it can."""
