"""How does a Lambda function read a secret from a cache, so that it follows rotations without asking each time?"""

import aws_cdk as cdk
from aws_cdk import aws_lambda as lambda_

from constructs_lib import EncryptionKey, ManagedSecret, Supplied

# The extension answers on this port of the function's own machine, and caches for the time that it is told.
# https://docs.aws.amazon.com/secretsmanager/latest/userguide/retrieving-secrets_lambda.html
CODE = """\
import os
import urllib.parse
import urllib.request


def handler(event, context):
    secret = urllib.parse.quote(os.environ["PARTNER_TOKEN_ARN"], safe="")
    request = urllib.request.Request(f"http://localhost:2773/secretsmanager/get?secretId={secret}")
    request.add_header("X-Aws-Parameters-Secrets-Token", os.environ["AWS_SESSION_TOKEN"])
    with urllib.request.urlopen(request, timeout=5) as answer:
        return {"found": answer.status == 200}  # what was read stays in here
"""


def define(app: cdk.App) -> None:
    """Define a token that somebody puts, and a function that reads it through AWS's extension."""
    stack = cdk.Stack(app, "Partner", env=cdk.Environment(account="111122223333", region="eu-west-1"))
    token = ManagedSecret(
        stack,
        "Token",
        encryption_key=EncryptionKey(stack, "Key", alias="partner-secrets", services=["secretsmanager"]),
        content=Supplied.text(),
        secret_name="partner/token",  # noqa: S106  # a name, for whoever puts the token
    )
    extension = lambda_.ParamsAndSecretsLayerVersion.from_version(
        lambda_.ParamsAndSecretsVersions.V1_0_103, cache_size=10, secrets_manager_ttl=cdk.Duration.minutes(5)
    )
    function = lambda_.Function(
        stack,
        "Function",
        runtime=lambda_.Runtime.PYTHON_3_13,
        handler="index.handler",
        code=lambda_.Code.from_inline(CODE),
        params_and_secrets=extension,
        environment={"PARTNER_TOKEN_ARN": token.secret_arn},
        timeout=cdk.Duration.seconds(10),
    )
    token.grant_read(function)


if __name__ == "__main__":
    app = cdk.App()
    define(app)
    app.synth()
