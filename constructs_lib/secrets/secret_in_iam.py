"""The IAM side of a secret: what policies of the people allow, written or announced to whoever can write it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from constructs import Construct

from constructs_lib.at_synthesis import at_synthesis
from constructs_lib.errors import ConfigurationError
from constructs_lib.naming.grantees import Grantee
from constructs_lib.naming.permission_set import permission_set_of
from constructs_lib.secret_actions import DESCRIBE_SECRET, GET_SECRET_VALUE, INVOKE_ROTATION, READ_SECRET
from constructs_lib.secrets.named_people import NamedPeople
from constructs_lib.wiring.findings import answer, as_found
from constructs_lib.wiring.given_resources import spoken

DRAWN_NAME = (
    "CloudFormation draws the name of the secret; from another stack it is called by its logical id and a wildcard"
)
_LONGEST_STAGE = 256  # https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html


@dataclass
class SecretInIam:
    """What IAM policies say of one secret.

    Attributes:
        secret: The secret.
        people: Who is named to it.
        near: What policies in its stack call it, and then its replicas.
        far: What policies in other stacks call them, without a reference: the ARNs by the name.
    """

    secret: cdk.Resource
    people: NamedPeople
    near: Sequence[str]
    far: Sequence[str]
    _unwritten: dict[str, set[str]] = field(default_factory=dict)
    _answered: set[str] = field(default_factory=set)
    _is_announcing: bool = False

    def allow(self, grantee: iam.IGrantable, read: Grantee, actions: Sequence[str]) -> iam.Grant:
        """Allow somebody actions on the secret in his own policy, or announce what it must allow.

        Args:
            grantee: Who.
            read: The same, as policies name him.
            actions: Exact actions.
        """
        return self._write(grantee, read, actions, near=self.near[:1], far=self.far[:1])

    def allow_on_replicas(self, grantee: iam.IGrantable, read: Grantee, actions: Sequence[str]) -> iam.Grant | None:
        """Allow somebody actions on the replicas, likewise; nothing if there are none.

        Args:
            grantee: Who.
            read: The same, as policies name him.
            actions: Exact actions.
        """
        near, far = self.near[1:], self.far[1:]
        return self._write(grantee, read, actions, near=near, far=far) if near else None

    def allow_invoking(self, grantee: iam.IGrantable, read: Grantee, function: tuple[str, str]) -> iam.Grant:
        """Allow somebody to ask for a rotation, for which he must be able to invoke the function.

        Args:
            grantee: Who.
            read: The same, as policies name him.
            function: What policies in the secret's stack call it, and those in others.
        """
        near, far = function
        return self._write(grantee, read, INVOKE_ROTATION, near=[near], far=[far])

    def allow_reading(
        self, grantee: iam.IGrantable, read: Grantee, version_stages: Sequence[str] | None = None
    ) -> iam.Grant:
        """Allow somebody to read the secret and its replicas, likewise.

        A version stage is asked of `GetSecretValue` alone: no other request of a reader says one.
        https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html

        Args:
            grantee: Who.
            read: The same, as policies name him.
            version_stages: The only stages of which he may read the value. Default: any.
        """
        if version_stages is None:
            return self._write(grantee, read, READ_SECRET, near=self.near, far=self.far)
        limit = {"ForAnyValue:StringEquals": {"secretsmanager:VersionStage": list(version_stages)}}
        described = self._write(grantee, read, DESCRIBE_SECRET, near=self.near, far=self.far)
        return described.combine(
            self._write(grantee, read, GET_SECRET_VALUE, near=self.near, far=self.far, conditions=limit)
        )

    def _write(
        self,
        grantee: iam.IGrantable,
        read: Grantee,
        actions: Sequence[str],
        *,
        near: Sequence[str],
        far: Sequence[str],
        conditions: Mapping[str, Any] | None = None,
    ) -> iam.Grant:
        written = iam.Grant.add_to_principal(
            grantee=grantee,
            actions=list(actions),
            resource_arns=list(far if read.far else near),
            conditions=conditions,
        )
        if read.far:
            self._answer(grantee.grant_principal, far)
        statement: dict[str, Any] = {
            "Effect": "Allow",
            "Action": sorted(actions),
            "Resource": [self.people.text.text(each) for each in far],
            **({"Condition": conditions} if conditions else {}),
        }
        for person in read.people:
            # For an imported role of another account the CDK reports success and writes nothing.
            if not written.success or (self.people.is_foreign(person.principal) and not read.far):
                self._remember(str(person), json.dumps(statement))
        return written

    def _answer(self, who: iam.IPrincipal, far: Sequence[str]) -> None:
        policy = who.node.try_find_child("DefaultPolicy") if isinstance(who, Construct) else None
        if policy is not None and policy.node.path not in self._answered:
            self._answered.add(policy.node.path)

            def acknowledge() -> list[str]:  # what the secret is called in another stack is settled at synthesis
                named = (as_found(cdk.Stack.of(policy).resolve(each)) for each in far)
                answer(policy, {f"AwsSolutions-IAM5[Resource::{each}]": DRAWN_NAME for each in named if "*" in each})
                return []

            at_synthesis(self.secret, acknowledge)

    def _remember(self, who: str, statement: str) -> None:
        self._unwritten.setdefault(who, set()).add(statement)
        if not self._is_announcing:
            self._is_announcing = True
            at_synthesis(self.secret, self._announce)

    def _announce(self) -> list[str]:
        for name, statements in sorted(self._unwritten.items()):
            permission_set = permission_set_of(name)
            who = f"the permission set {permission_set}" if permission_set else f"policies of {name}"
            cdk.Annotations.of(self.secret).add_info_v2(
                "cdk-key-management:secret-not-in-iam",
                f"{who} cannot be written from here and must allow {' and '.join(sorted(statements))}; from another "
                "account the secret is called by its whole ARN",
            )
        return []


def check_version_stages(version_stages: Sequence[str] | None) -> None:
    """Refuse what are no version stages.

    Args:
        version_stages: What was given.

    Raises:
        ConfigurationError: If they are no sequence of texts of 1 to 256 characters.
    """
    if version_stages is None:
        return
    given: object = version_stages
    if isinstance(given, str) or not isinstance(given, Sequence) or not given:
        raise ConfigurationError(f"version_stages must be a sequence such as ['AWSCURRENT'], got {spoken(given)}")
    for stage in given:
        if not isinstance(stage, str) or not 0 < len(stage) <= _LONGEST_STAGE or "*" in stage:
            raise ConfigurationError(f"version_stages must be names such as AWSCURRENT, got {spoken(stage)}")
