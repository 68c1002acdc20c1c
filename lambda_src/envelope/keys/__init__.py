"""Where data keys come from: KMS, and a cache in front of it."""
