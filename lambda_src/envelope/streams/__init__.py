"""Messages of any length in constant memory, and parts of them."""
