"""How do I hear at once when somebody disables a key, lets somebody in or stops the record?"""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns_subscriptions as subscriptions

from constructs_lib import AuditTrail, EncryptionKey, KeyWatch, NewTopic


def define(app: cdk.App) -> None:
    """Define two keys with who may use them, the trail that records their events, and the watch that tells people."""
    stack = cdk.Stack(app, "Orders", env=cdk.Environment(account="111122223333", region="us-east-1"))
    reader = iam.Role(
        stack, "Reader", role_name="orders-reader", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com")
    )
    orders = EncryptionKey(stack, "OrdersKey", alias="orders", decrypters=[reader])
    invoices = EncryptionKey(stack, "InvoicesKey", alias="invoices", decrypters=[reader])
    trail = AuditTrail(
        stack,
        "Trail",
        trail_name="main",
        encryption_key=EncryptionKey(stack, "TrailKey", alias="trail", services=["s3"]),
        operations_key=EncryptionKey(stack, "OperationsKey", alias="operations", services=["logs"]),
    )
    news, other_news = (
        EncryptionKey(stack, name, alias=alias, services=["sns"])
        for name, alias in (("NewsKey", "news"), ("OtherNewsKey", "other-news"))
    )
    watch = KeyWatch(
        stack,
        "Watch",
        keys=[orders, invoices, other_news],
        trail=trail,
        notify=NewTopic(encryption_key=news),
        roles=[reader],
    )
    # Who disables the key of the news silences the watch, so that is told by way of another key.
    of_news = KeyWatch(stack, "NewsWatch", keys=[news], trail=trail, notify=NewTopic(encryption_key=other_news))
    for each in (watch, of_news):
        if each.topic is not None:
            each.topic.add_subscription(subscriptions.EmailSubscription("key-owners@example.com"))


if __name__ == "__main__":
    app = cdk.App()
    define(app)
    app.synth()
