"""Rotation of a secret in the four steps of AWS Secrets Manager, safe to repeat at any point."""
