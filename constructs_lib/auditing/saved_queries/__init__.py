"""The questions that an auditor asks of a trail, each a query for Athena."""
