"""What ministack's KMS lacks or does not do as AWS does, one module each."""
