"""Messages that are S3 objects."""
