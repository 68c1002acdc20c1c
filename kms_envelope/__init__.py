"""The command `kms-envelope`: envelope encryption of files and pipes, in AWS Encryption SDK messages."""
