"""Envelope encryption in the AWS Encryption SDK message format, version 2 with key commitment."""
