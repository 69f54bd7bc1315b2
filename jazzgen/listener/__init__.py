"""A listener: it learns to tell a model's solos from people's over the same changes, and says how well it can."""
