"""How news travels: rules and alarms to topics, topics to queues, each only where it is admitted."""

from local_aws.server.notifications import alarm_evaluation, alarms, publishing, rules, subscriptions


def extend() -> None:
    """Let every delivery be decided by the policies of what it is delivered to."""
    publishing.extend()
    subscriptions.extend()
    rules.extend()
    alarms.extend()
    alarm_evaluation.extend()
