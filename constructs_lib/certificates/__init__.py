"""What certificates in ACM are made of: how they are validated, imported and named."""
