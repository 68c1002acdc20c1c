"""The life of a TLS certificate in ACM beside what CloudFormation does: requested, imported after checks, looked at."""
