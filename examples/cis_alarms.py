"""How do I pass the alarms of the CIS AWS Foundations Benchmark, with an alarm for each control that reaches people?"""

import aws_cdk as cdk
from aws_cdk import aws_sns_subscriptions as subscriptions

from constructs_lib import AuditTrail, CisAlarms, EncryptionKey, NewTopic


def define(app: cdk.App) -> None:
    """Define a trail of every Region, and alarms on the copy of it in CloudWatch Logs."""
    stack = cdk.Stack(app, "Audit")
    trail = AuditTrail(
        stack,
        "Trail",
        trail_name="audit",
        encryption_key=EncryptionKey(stack, "TrailKey", alias="audit/trail", services=["s3"]),
        operations_key=EncryptionKey(stack, "OperationsKey", alias="audit/logs", services=["logs"]),
    )
    cis = CisAlarms(
        stack,
        "Cis",
        trail=trail,
        notify=NewTopic(encryption_key=EncryptionKey(stack, "NewsKey", alias="audit/news", services=["sns"])),
    )
    if cis.topic is not None:  # Security Hub wants a subscription
        cis.topic.add_subscription(subscriptions.EmailSubscription("security@example.com"))


if __name__ == "__main__":
    app = cdk.App()
    define(app)
    app.synth()
