"""Trails that deliver: recorded calls become log files and log events, and are heard of on the event bus."""

from local_aws.server.trails import delivery, operations


def extend() -> None:
    """Check trails as AWS does when they are made or changed, and deliver what they log."""
    operations.extend()
    delivery.extend()
