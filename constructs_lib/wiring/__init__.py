"""What constructs do with the keys, buckets, queues and topics that they are given, and with what cdk-nag finds."""
