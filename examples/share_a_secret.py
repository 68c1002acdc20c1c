"""How do I let one role of another account read a secret, and nobody else of that account?"""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from constructs_lib import EncryptionKey, ManagedSecret, Supplied

READER = "arn:aws:iam::444455556666:role/reporting"


def define(app: cdk.App) -> None:
    """Define a secret with a reader of another account; `docs/secrets.md` says what that account must add."""
    stack = cdk.Stack(app, "Feeds", env=cdk.Environment(account="111122223333", region="eu-west-1"))
    feed = ManagedSecret(
        stack,
        "Feed",
        encryption_key=EncryptionKey(stack, "Key", alias="feed-secrets", services=["secretsmanager"]),
        content=Supplied.json("client", "token"),
        secret_name="feeds/prices",  # noqa: S106  # a name, with which the ARN begins that the reader asks for
        readers=[iam.ArnPrincipal(READER)],
    )
    cdk.CfnOutput(stack, "FeedArn", value=feed.secret_arn)


if __name__ == "__main__":
    app = cdk.App()
    define(app)
    app.synth()
