"""Many small messages at once, and where they go."""
