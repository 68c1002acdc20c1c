"""What an app has, read from its cloud assembly for people who audit it."""
