"""How do I hand a password to an ECS task, so that nobody but the task reads it?"""

import aws_cdk as cdk
from aws_cdk import aws_ecs as ecs

from constructs_lib import EncryptionKey, Generated, ManagedSecret


def define(app: cdk.App) -> None:
    """Define a drawn password and a task whose execution role reads it when the task starts."""
    stack = cdk.Stack(app, "Checkout", env=cdk.Environment(account="111122223333", region="eu-west-1"))
    password = ManagedSecret(
        stack,
        "Password",
        encryption_key=EncryptionKey(stack, "Key", alias="checkout-secrets", services=["secretsmanager"]),
        content=Generated.json(fields={"username": "checkout"}, generated_field="password"),
        description="The checkout's login at the search engine",
    )
    task = ecs.FargateTaskDefinition(stack, "Task")
    task.add_container(
        "App",
        image=ecs.ContainerImage.from_registry("public.ecr.aws/docker/library/busybox:1.37"),
        secrets={
            "SEARCH_USERNAME": ecs.Secret.from_secrets_manager(password, "username"),
            "SEARCH_PASSWORD": ecs.Secret.from_secrets_manager(password, "password"),
        },
        readonly_root_filesystem=True,
    )


if __name__ == "__main__":
    app = cdk.App()
    define(app)
    app.synth()
