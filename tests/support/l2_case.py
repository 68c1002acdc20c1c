"""One use of a key by a higher-level construct of the CDK, and what it asks the key for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_

from constructs_lib.service_access.service_use import ServiceUse

DATA_KEYS = ("GenerateDataKey", "GenerateDataKeyWithoutPlaintext")
RE_ENCRYPT = ("ReEncryptFrom", "ReEncryptTo")
ENCRYPT = ("Encrypt", *DATA_KEYS)
"""What `grant_encrypt` gives."""
ENCRYPT_DECRYPT = ("Decrypt", *ENCRYPT)
"""What `grant_encrypt_decrypt` gives."""
READ_WRITE = (*ENCRYPT_DECRYPT, *RE_ENCRYPT)
"""What is left of the four wildcards by which an L2 asks for reading and writing."""

VIA_SERVICE = ("kms:ViaService",)
FOR_AWS_RESOURCES = ("kms:GrantIsForAWSResource",)
SEND = ("Decrypt", "GenerateDataKey")
"""What AWS services do that send to a topic or a queue."""
SOURCE = ("aws:SourceArn",)
SOURCE_ACCOUNT = ("aws:SourceAccount",)
SOURCE_AND_ACCOUNT = ("aws:SourceArn", "aws:SourceAccount")

Build = Callable[[kms.IKey, cdk.Stack], None]


@dataclass(frozen=True)
class Use:
    """Somebody who must be able to do something with the key, under conditions that the L2 brings.

    `who` is `account`, a service principal, or a role or user by its logical id without the hash.
    """

    who: str
    actions: tuple[str, ...]
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True)
class L2Case:
    """A stack that uses a key, and everybody whom the key must admit for that.

    `calls` admit those of whom the L2 says nothing to the key: a call of the catalogue, as a finding prints it, to whom
    it admits. `{stack}` is the name of the stack, `{lower}` the same in small letters. `left_out` is what the L2 asks
    for everybody, and no key of ours gives.
    """

    name: str
    build: Build
    uses: tuple[Use, ...]
    calls: Mapping[str, tuple[Use, ...]] = field(default_factory=dict)
    left_out: tuple[Use, ...] = ()

    @property
    def admitted(self) -> tuple[Use, ...]:
        """Whom the key admits after the calls."""
        return (*self.uses, *(use for uses in self.calls.values() for use in uses))

    def calls_for(self, stack: cdk.Stack) -> list[str]:
        """Give the calls as findings about a stack print them."""
        return [call.format(stack=stack.stack_name, lower=stack.stack_name.lower()) for call in self.calls]


LOG_GROUP = Use("logs.eu-west-1.amazonaws.com", READ_WRITE, ("kms:EncryptionContext:aws:logs:arn",))
"""What CloudWatch Logs does with one log group."""


def called(call: str) -> tuple[ServiceUse, *tuple[iam.IGrantable, ...]]:
    """Make a call of the catalogue as a finding prints it, with the callers behind it."""
    module = call.partition(".")[0]
    known = {module: import_module(f"constructs_lib.service_access.{module}"), "iam": iam}
    use, *callers = eval(f"[{call}]", known)  # noqa: S307  # a call of a table
    assert isinstance(use, ServiceUse)
    return use, *callers


def add_to(
    cases: list[L2Case],
    *uses: Use,
    calls: Mapping[str, tuple[Use, ...]] | None = None,
    left_out: tuple[Use, ...] = (),
) -> Callable[[Build], Build]:
    """Put a function that builds a case on a list, named as the function is, with what it asks for."""

    def register(build: Build) -> Build:
        cases.append(L2Case(getattr(build, "__name__", ""), build, uses, calls or {}, left_out))
        return build

    return register


def function(stack: cdk.Stack, construct_id: str = "Function", **options: Any) -> lambda_.Function:
    """Make a function, whose role is then known as `<construct_id>ServiceRole`."""
    return lambda_.Function(
        stack,
        construct_id,
        runtime=lambda_.Runtime.PYTHON_3_13,
        handler="index.handler",
        code=lambda_.Code.from_inline("def handler(event, context): pass"),
        **options,
    )


def role(stack: cdk.Stack, construct_id: str = "Role") -> iam.Role:
    """Make an unnamed role."""
    return iam.Role(stack, construct_id, assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))


def vpc(stack: cdk.Stack) -> ec2.IVpc:
    """Refer to a network that exists already: nothing about it is of interest here."""
    return ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-12345678",
        availability_zones=["eu-west-1a", "eu-west-1b"],
        private_subnet_ids=["subnet-11111111", "subnet-22222222"],
        private_subnet_route_table_ids=["rtb-11111111", "rtb-22222222"],
    )
