"""How do I use one key from several stacks, without cycles and without trusting the whole account?"""

import aws_cdk as cdk
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs

from constructs_lib import EncryptionKey


def define(app: cdk.App) -> None:
    """Define a key stack, and a stack whose topic, queue and function use the key."""
    keys = cdk.Stack(app, "Keys")
    key = EncryptionKey(keys, "Key", alias="messages", services=["sns", "sqs"])

    messaging = cdk.Stack(app, "Messaging")
    topic = sns.Topic(messaging, "Topic", master_key=key, topic_name="orders")
    queue = sqs.Queue(messaging, "Queue", encryption_master_key=key)
    topic.add_subscription(subscriptions.SqsSubscription(queue))
    worker = lambda_.Function(
        messaging,
        "Worker",
        runtime=lambda_.Runtime.PYTHON_3_13,
        handler="index.handler",
        code=lambda_.Code.from_inline("def handler(event, context): ..."),
    )
    queue.grant_consume_messages(worker)


if __name__ == "__main__":
    app = cdk.App()
    define(app)
    app.synth()
