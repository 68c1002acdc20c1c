"""What AWS Secrets Manager does for a caller: under the secret's policy, the caller's IAM and the key's policy.

The engine that decides is the one of `policy_judge`, with the same care for names. Beside it:

- In the account of the secret IAM is enough, and so is a statement of the resource policy that names the caller. Across
  accounts both must allow. A Deny in either wins.
  https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
- Secrets Manager calls KMS with the caller's permissions, with the ARN of the secret as encryption context.
  https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ministack.core import iam_evaluator as engine

from tests.support.literal_templates import OTHER_REGION
from tests.support.policy_judge import PRINCIPAL_ARN_FOR_THE_ENGINE, Caller, Document, KmsKey

_DECRYPT, _GENERATE = "kms:Decrypt", "kms:GenerateDataKey"
_FORCE = "secretsmanager:ForceDeleteWithoutRecovery"


@dataclass(frozen=True)
class Operation:
    """What one asks of Secrets Manager.

    Attributes:
        action: The action that policies decide about.
        said: Condition keys of the request.
        of_kms: What Secrets Manager asks of the key for it.
    """

    action: str
    said: Mapping[str, str] = field(default_factory=dict)
    of_kms: tuple[str, ...] = ()


OPERATIONS: Mapping[str, Operation] = {
    "GetSecretValue": Operation("GetSecretValue", {"secretsmanager:VersionStage": "AWSCURRENT"}, (_DECRYPT,)),
    "GetSecretValue of the last": Operation(
        "GetSecretValue", {"secretsmanager:VersionStage": "AWSPREVIOUS"}, (_DECRYPT,)
    ),
    "PutSecretValue": Operation("PutSecretValue", of_kms=(_GENERATE, _DECRYPT)),
    # What it asks of either key is left out: whoever puts a secret under a key of his own may use that one.
    "UpdateSecret to another key": Operation("UpdateSecret"),
    "UpdateSecret with a value": Operation("UpdateSecret", of_kms=(_GENERATE, _DECRYPT)),
    "DeleteSecret": Operation("DeleteSecret"),
    "DeleteSecret later": Operation("DeleteSecret", {_FORCE: "false"}),
    "DeleteSecret by force": Operation("DeleteSecret", {_FORCE: "true"}),
    **{
        action: Operation(action)
        for action in (
            "CancelRotateSecret",
            "DeleteResourcePolicy",
            "DescribeSecret",
            "GetResourcePolicy",
            "ListSecretVersionIds",
            "PutResourcePolicy",
            "RemoveRegionsFromReplication",
            "ReplicateSecretToRegions",
            "RestoreSecret",
            "RotateSecret",
            "StopReplicationToReplica",
            "TagResource",
            "UntagResource",
            "UpdateSecret",
            "UpdateSecretVersionStage",
            "ValidateResourcePolicy",
        )
    },
}
"""Every operation on one secret, some of them in several ways.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html
"""

LETS_EVERYBODY_IN = {
    "Sid": "AddedByHand",
    "Effect": "Allow",
    "Principal": {"AWS": "*", "Service": ["glue.amazonaws.com", "sns.amazonaws.com"]},
    "Action": "secretsmanager:*",
    "Resource": "*",
}
"""What somebody could add to the policy: then only its denials are left."""

EVERY_ACTION = tuple(sorted({f"secretsmanager:{each.action}" for each in OPERATIONS.values()}))


@dataclass(frozen=True)
class JudgedSecret:
    """A secret as it is deployed.

    Attributes:
        arn: Its ARN.
        policy: Its resource policy, with literal values only.
        key: Its key.
    """

    arn: str
    policy: Document
    key: KmsKey

    @cached_property
    def _guarded(self) -> KmsKey:
        """The same policy, read with the judge's care: what a policy means does not depend on whose it is."""
        return KmsKey(self.arn, self.policy)

    def allows(self, caller: Caller, operation: Operation, context: Mapping[str, Any]) -> bool:
        """Whether a caller gets what he asks for.

        Args:
            caller: Who asks.
            operation: What for.
            context: Condition keys, beside those that follow from caller and operation.
        """
        return self.lets(caller, operation, context) and all(
            self.key.allows(caller, action, {**context, **self._to_kms}) for action in operation.of_kms
        )

    def lets(self, caller: Caller, operation: Operation, context: Mapping[str, Any]) -> bool:
        """Whether Secrets Manager is content, before it asks KMS."""
        if not caller.arn and not caller.service:
            return False  # unsigned
        action = f"secretsmanager:{operation.action}"
        keys: dict[str, Any] = {"aws:PrincipalIsAWSService": str(bool(caller.service)).lower()}
        keys |= {PRINCIPAL_ARN_FOR_THE_ENGINE: caller.arn} if caller.arn else {}
        asked = engine.EvalContext(
            principal_arn=caller.engine_arn,
            principal_type="Root" if caller.is_root_user else "AssumedRole",
            principal_account=caller.account,
            action=action,
            resource_arn=self.arn,
            region=self.arn.split(":")[3],
            secure_transport=True,
            service_context={name.lower(): said for name, said in {**keys, **operation.said, **context}.items()},
        )
        policy = {"Statement": self._guarded.statements_about(action)}
        if caller.service:
            decision = engine.evaluate_resource_policy(policy, asked, service=caller.service)
        else:
            in_iam = engine.evaluate(asked, caller.parsed_policies)
            decision = engine.combine_resource_policy(in_iam, asked, policy, self._guarded.account)
        return bool(decision.decision == "Allow")

    @cached_property
    def opened(self) -> "JudgedSecret":
        """The same secret with one more statement in its policy, and a key that keeps nobody out."""
        policy = {**self.policy, "Statement": [*self.policy["Statement"], LETS_EVERYBODY_IN]}
        return JudgedSecret(self.arn, policy, _keeping_nobody_out(self.key.arn))

    @cached_property
    def under_any_key(self) -> "JudgedSecret":
        """The same secret, and a key that keeps nobody out."""
        return JudgedSecret(self.arn, self.policy, _keeping_nobody_out(self.key.arn))

    def within_reach(self, caller: Caller, context: Mapping[str, Any]) -> "Iterator[JudgedSecret]":
        """Yield the secret, and what a caller can make of it in several steps: with another policy, key, or both.

        Args:
            caller: Who takes the steps.
            context: Condition keys of his requests.
        """
        yield self
        steps = {"PutResourcePolicy": self._regulated, "DeleteResourcePolicy": self._regulated}
        steps |= dict.fromkeys(("UpdateSecret to another key", "ReplicateSecretToRegions"), self.under_any_key)
        for operation, made in steps.items():
            if made != self and self.allows(caller, OPERATIONS[operation], context):
                yield from made.within_reach(caller, context)

    @property
    def _regulated(self) -> "JudgedSecret":
        return JudgedSecret(self.arn, {"Statement": [LETS_EVERYBODY_IN]}, self.key)

    @cached_property
    def replica(self) -> "JudgedSecret":
        """Its replica in another Region, with the same policy, under a key that keeps nobody out.

        https://docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets.html
        """
        arn = self.arn.replace(self.arn.split(":")[3], OTHER_REGION)
        return JudgedSecret(arn, self.policy, _keeping_nobody_out(self.key.arn))

    @cached_property
    def another(self) -> "JudgedSecret":
        """A secret that has no policy of its own, under a key that keeps nobody out."""
        region, account = self.arn.split(":")[3:5]
        arn = f"arn:aws:secretsmanager:{region}:{account}:secret:another-AbCdEf"
        return JudgedSecret(arn, {"Statement": []}, _keeping_nobody_out(self.key.arn))

    def statements_about(self, action: str) -> tuple[str, ...]:
        """Return the statements that speak of an action, each as text without it."""
        about = self._guarded.statements_about(f"secretsmanager:{action}")
        return tuple(json.dumps({**each, "Action": ""}) for each in about)

    @property
    def _to_kms(self) -> dict[str, str]:
        return {
            "kms:ViaService": f"secretsmanager.{self.arn.split(':')[3]}.amazonaws.com",
            "kms:EncryptionContext:SecretARN": self.arn,
            "kms:EncryptionContext:SecretVersionId": "00000000-0000-4000-8000-000000000000",
        }


def _keeping_nobody_out(key_arn: str) -> KmsKey:
    everybody = {"Effect": "Allow", "Principal": {"AWS": "*", "Service": "glue.amazonaws.com"}, "Action": "kms:*"}
    return KmsKey(key_arn, {"Statement": [{**everybody, "Resource": "*"}]})
