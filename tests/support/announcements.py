"""What the constructs of a stack announced while it was synthesised."""

from typing import Literal

from aws_cdk import (
    cloud_assembly_schema,  # noqa: F401  # jsii knows the entry of a message only once this module is loaded
    cx_api,
)


def announcements(stack: cx_api.CloudFormationStackArtifact, level: Literal["INFO", "WARNING"]) -> list[str]:
    """Return the texts of one level, in their order."""
    return [str(message.entry.data) for message in stack.messages if message.level.name == level]
