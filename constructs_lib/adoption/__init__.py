"""Adopting a key that exists: what its policy of today says against the one in a synthesised template. No jsii."""
