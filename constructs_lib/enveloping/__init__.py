"""What the constructs of envelope encryption have in common: settings, keys, contexts, permissions on data."""
