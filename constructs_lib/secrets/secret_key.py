"""The key of a secret: who is admitted to it through Secrets Manager, of whatever make the key is."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

from constructs_lib.actions import ENCRYPT
from constructs_lib.errors import ConfigurationError
from constructs_lib.naming.service_principals import ServicePrincipals
from constructs_lib.naming.token_text import TokenText, tokens_in
from constructs_lib.secrets.twin_secrets import announce_twins
from constructs_lib.secrets.wide_keys import announce_wide_key
from constructs_lib.service_access.secrets_manager import read_secret, read_secret_from_another_account, write_secret
from constructs_lib.service_access.service_use import ACCOUNT, REGION
from constructs_lib.wiring.given_resources import check_symmetric_keys
from constructs_lib.wiring.places import are_apart
from constructs_lib.wiring.transport_keys import TakesUses

if TYPE_CHECKING:
    from constructs_lib.service_access.service_use import ServiceUse

_OF_AWS = "alias/aws/"

Use = Callable[..., "ServiceUse"]
"""A function of the catalogue that takes the name, the Region and the account of a secret."""


def check_secret_key(argument: str, key: kms.IKey, region: str) -> None:
    """Refuse what cannot be the key of a secret or of a replica.

    https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html

    Args:
        argument: What a refusal calls it.
        key: The key.
        region: Where the secret is.

    Raises:
        ConfigurationError: If it is none, AWS's own, of another kind or of another Region.
    """
    if key is None:
        raise ConfigurationError(
            f"{argument} must be a key, got None: under aws/secretsmanager, which would be taken, everybody of the "
            "account reads whom IAM lets"
        )
    check_symmetric_keys({argument: key})
    if _OF_AWS in f"{key.key_id} {key.key_arn}":
        raise ConfigurationError(
            f"{argument} must be a key of your own, got an AWS managed key: its policy lets in everybody of the "
            "account through Secrets Manager, and nobody can change it"
        )
    if are_apart(region, key.env.region):
        raise ConfigurationError(
            f"{argument} must be in {region}, where the secret is, got {key.node.path} in {key.env.region}"
        )


@dataclass(frozen=True, kw_only=True)
class SecretKey:
    """The key of one secret, or of one of its replicas.

    Attributes:
        secret: The secret.
        key: Its key.
        argument: What the secret calls the key.
        secret_name: Its name, or the pattern of it.
        region: Its Region.
    """

    secret: cdk.Resource
    key: kms.IKey
    argument: str
    secret_name: str
    region: str

    def admit_creator(self) -> None:
        """Admit deployers: Secrets Manager encrypts with the permissions of whoever creates or changes a secret."""
        key = _behind_alias(self.key)
        if isinstance(key, TakesUses):
            key.allow(replace(self._use(write_secret), running=()))

    def announce(self) -> None:
        """Warn of whom the key admits beside the people of the secret."""
        key = _behind_alias(self.key)
        announce_wide_key(self.secret, key, self.argument)
        announce_twins(self.secret, key, self._use(read_secret))

    def admit_deployers(self, deployers: "Iterable[iam.IPrincipal]") -> None:
        """Admit those who deploy the secret to a key of another Region, whose own deployers are others.

        https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ReplicateSecretToRegions.html

        Args:
            deployers: Who deploys the secret.
        """
        key = _behind_alias(self.key)
        if not isinstance(key, TakesUses) or not cdk.Resource.is_owned_resource(key):
            return
        needed = self._use(write_secret)
        # Apart from Decrypt, beside which a key takes Encrypt for what a rotation asks in vain.
        running = (*needed.running, *(replace(each, actions=ENCRYPT[:1]) for each in needed.running))
        for deployer in deployers:
            key.allow(replace(needed, running=running), deployer)

    def admit(self, use: Use, grantee: iam.IGrantable) -> None:
        """Admit somebody through Secrets Manager, with the encryption context of this secret alone.

        A key of this library admits him itself. The policy of a key of the CDK leaves it to IAM who of its account uses
        it, so his own policy gets the conditions; that of an imported key its owner must write.

        Args:
            use: What for.
            grantee: Who.
        """
        key, needed = _behind_alias(self.key), self._use(use)
        if isinstance(key, TakesUses):
            key.allow(needed, grantee)
            return
        stack = cdk.Stack.of(self.secret)
        here = ServicePrincipals(stack, TokenText(stack), region=self.region)
        for allowance in needed.running:
            conditions = here.calling(grantee, allowance).policy_fragment.conditions
            actions = list(allowance.actions)
            iam.Grant.add_to_principal(
                grantee=grantee, actions=actions, resource_arns=[key.key_arn], conditions=conditions
            )
            statement = iam.PolicyStatement(
                actions=actions, resources=["*"], principals=[grantee.grant_principal], conditions=conditions
            )
            if use is read_secret_from_another_account or not cdk.Resource.is_owned_resource(key):
                self._state(key, statement)

    def _state(self, key: kms.IKey, statement: iam.PolicyStatement) -> None:
        if key.add_to_resource_policy(statement).statement_added:
            return
        stack = cdk.Stack.of(self.secret)
        said = TokenText(stack).text(json.dumps(stack.resolve(statement.to_statement_json())))
        is_elsewhere = are_apart(stack.account, key.env.account)
        unless = "" if is_elsewhere else "unless it leaves roles of its account to IAM, "
        cdk.Annotations.of(self.secret).add_warning_v2(
            f"cdk-key-management:{self.argument.replace('_', '-')}-not-admitting",
            f"the policy of {self.argument} {key.node.path} cannot be written from here; {unless}its owner must add "
            f"this statement, or every request is refused: {said}",
        )

    def _use(self, use: Use) -> "ServiceUse":
        account = cdk.Stack.of(self.secret).account
        return use(
            secret_name=self.secret_name,
            region=REGION if tokens_in(self.region) else self.region,
            account=ACCOUNT if tokens_in(account) else account,
        )


def _behind_alias(key: kms.IKey) -> kms.IKey:
    return key.alias_target_key if isinstance(key, kms.Alias) else key
