"""The bytes of a message: values to bytes and back. Nothing here knows a key."""
