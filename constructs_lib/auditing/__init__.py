"""What trails and the questions to them are made of: selectors, buckets, tables, queries."""
