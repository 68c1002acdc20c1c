"""ManagedSecret: a secret whose value nobody sees who is not named."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager

from constructs_lib.guardrails.plugin import guard_app
from constructs_lib.key_settings import Lifecycle, check_choice
from constructs_lib.secrets.content_pin import pin_content
from constructs_lib.secrets.contents import Content, Supplied, UnsafeValue
from constructs_lib.secrets.dynamic_references import DynamicReferences
from constructs_lib.secrets.named_people import NamedPeople, check_people
from constructs_lib.secrets.replicas import Replica, check_replicas
from constructs_lib.secrets.resource_policy import ResourcePolicy
from constructs_lib.secrets.rotating_stack import check_stacks
from constructs_lib.secrets.rotation import Rotation
from constructs_lib.secrets.secret_grants import SecretGrants
from constructs_lib.secrets.secret_in_iam import SecretInIam
from constructs_lib.secrets.secret_key import SecretKey, check_secret_key
from constructs_lib.secrets.secret_name import (
    NamedSecret,
    announce_taken_name,
    check_secret_name,
    name_in_arn,
    replica_arn,
)
from constructs_lib.secrets.secret_properties import check_arguments, secret_properties
from constructs_lib.secrets.secret_resource import SecretResource
from constructs_lib.secrets.supplied import announce_early_rotation, announce_missing_value
from constructs_lib.secrets.unsafe_value import announce_unsafe_value
from constructs_lib.taking_back import announce_taken_back, is_taken_back

if TYPE_CHECKING:
    from constructs import Construct

_REMOVAL = {
    Lifecycle.DURABLE: cdk.RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    Lifecycle.EPHEMERAL: cdk.RemovalPolicy.DESTROY,
}


class ManagedSecret(SecretResource):
    """A secret in AWS Secrets Manager that its readers read, its writers write, and nobody else does either.

    The value is drawn in AWS, or put by a writer after the deployment; no template holds it. Three policies name the
    same people: the key admits each of them through Secrets Manager with this secret's encryption context, their IAM
    policies allow exact actions on this secret, and the secret's own policy denies them to everybody else, whatever IAM
    says: also to administrators of the account, and to the deployer, who creates the value and does not read it. As him
    CloudFormation alone reads, since its handlers declare that for updates and for drift, and references need it.

    Every grant of the CDK passes through here: `ecs.Secret.from_secrets_manager`, `rds.Credentials.from_secret`,
    `rds.DatabaseProxy`, and what `attach` returns. A dynamic reference puts the value into a property of a
    resource, where others may see it, which is announced. `rds.DatabaseProxy` asks the key for `kms:Decrypt` once more
    by itself, without the encryption context of this secret.

    Whoever is in another stack is named by name, and his policy calls the secret by its name too, or by the pattern of
    the one that CloudFormation draws. It does refer to the key: where two stacks use each other both ways, the key
    stands in a third one.

    CloudFormation deletes secrets at once, without a time to recover them; so a durable one is kept with its policy.
    https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_resource-policies.html

    Examples:
        >>> from constructs_lib import EncryptionKey
        >>> from constructs_lib.secrets.contents import Generated
        >>> stack = cdk.Stack(cdk.App(), "Orders")
        >>> key = EncryptionKey(stack, "Key", alias="orders", services=["secretsmanager"])
        >>> task = iam.Role(stack, "Task", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"))
        >>> token = ManagedSecret(stack, "Token", encryption_key=key, content=Generated.text(), readers=[task])
        >>> token.grant_write(task).success
        True
    """

    def __init__(
        self,
        scope: "Construct",
        construct_id: str,
        *,
        encryption_key: kms.IKey,
        content: Content,
        secret_name: str | None = None,
        description: str | None = None,
        readers: Sequence[iam.IGrantable] = (),
        writers: Sequence[iam.IGrantable] = (),
        administrators: Sequence[iam.IGrantable] = (),
        deployers: Sequence[iam.IGrantable] = (),
        organization_id: str | None = None,
        replicas: Sequence[Replica] = (),
        rotation: Rotation | None = None,
        lifecycle: Lifecycle = Lifecycle.DURABLE,
    ) -> None:
        """Define the secret with its policy, and let people in.

        Args:
            scope: The construct that owns it.
            construct_id: Name within `scope`.
            encryption_key: The key, in the secret's Region: best one with `services=["secretsmanager"]`. Of any that
                admits more, the synthesis warns.
            content: What it holds: `Generated`, `Supplied`, or `unsafe_value`.
            secret_name: Its name; a literal. Default: CloudFormation draws one, so that deploying again never meets it.
            description: What it is for, at most 2,048 characters. Default: nothing.
            readers: Roles and users that read the value, also of other accounts. Default: nobody.
            writers: Roles and users that put values and do not read them. Default: nobody.
            administrators: Roles and users that rotate it, move the labels of its versions, and delete it with time to
                recover. Its policy and its key are for deployers alone. Default: nobody.
            deployers: Roles that create, change and delete it. Default: the CloudFormation execution role of the
                stack's synthesizer.
            organization_id: The organization outside of which nobody does anything. Default: the secret's account and
                those of its readers are the limit.
            replicas: Copies in other Regions. Default: none.
            rotation: How it is rotated: `ByFunction` or `Hosted`. Default: not at all, which cdk-nag finds.
            lifecycle: Whether it outlives its stack. Default: it does.

        Raises:
            ConfigurationError: If Secrets Manager would not take a value, a key is not one of the Region, somebody
                cannot be named, or the rotation needs fields that the content has not.
        """
        stack = cdk.Stack.of(scope)
        given_name = check_secret_name(secret_name)
        check_arguments(content, description, organization_id, rotation)
        for argument, people in (
            ("readers", readers),
            ("writers", writers),
            ("administrators", administrators),
            ("deployers", deployers),
        ):
            check_people(argument, people)
        check_choice("lifecycle", lifecycle, Lifecycle)
        check_secret_key("encryption_key", encryption_key, stack.region)
        check_replicas(replicas, stack.region)
        if rotation is not None:
            rotation.check(scope, content)
        super().__init__(scope, construct_id)
        guardrails = guard_app(self.node.root)
        self._content, self._key, self._removal = content, encryption_key, _REMOVAL[lifecycle]
        self._cfn = secretsmanager.CfnSecret(
            self, "Resource", **secret_properties(content, encryption_key, given_name, description, replicas)
        )
        self._cfn.apply_removal_policy(self._removal)
        self._arn = self._cfn.ref
        self._name = name_in_arn(self._arn) if given_name is None else given_name
        self._grants = self._let_in(
            NamedSecret.of(self._cfn, given_name), replicas, deployers, organization_id, rotation
        )
        guardrails.secret_policies.append(self._grants.policy)
        self._references = DynamicReferences(self, content)
        self._announce(given_name)
        for argument, people, admit in (
            ("readers", readers, self._grants.read),
            ("writers", writers, self._grants.write),
            ("administrators", administrators, self._grants.administer),
        ):
            for person in people:
                admit(person, argument=argument)
        if rotation is not None:
            self._rotate(rotation)

    def _let_in(
        self,
        named: NamedSecret,
        replicas: Sequence[Replica],
        deployers: Sequence[iam.IGrantable],
        organization_id: str | None,
        rotation: Rotation | None,
    ) -> SecretGrants:
        people = NamedPeople(self, deployers, organization_id)
        places = [(cdk.Stack.of(self).region, self._key, "encryption_key")]
        places += [(each.region, each.encryption_key, "replica_key") for each in replicas]
        keys = [
            SecretKey(secret=self, key=key, argument=argument, secret_name=named.name, region=region)
            for region, key, argument in places
        ]
        for key in keys:
            key.admit_creator()
            key.announce()
        for key in keys[1:]:
            key.admit_deployers(people.deployers)
        return SecretGrants(
            people=people,
            policy=ResourcePolicy(self, self._arn, people, self._removal),
            in_iam=SecretInIam(
                self,
                people,
                near=[self._arn, *(replica_arn(self, self._arn, each.region) for each in replicas)],
                far=[named.arn, *(named.arn_in(each.region) for each in replicas)],
            ),
            key=keys[0],
            replica_keys=tuple(keys[1:]),
            rotation=rotation,
        )

    def _announce(self, given_name: str | None) -> None:
        if is_taken_back(self):
            announce_taken_back(cdk.Stack.of(self))
        else:  # an import makes nothing new
            text = self._grants.people.text
            pin_content(self, self._cfn, self._content, secret_name=given_name, text=text)
        if given_name is not None:
            announce_taken_name(self, given_name, self._removal)
        if isinstance(self._content, Supplied):
            announce_missing_value(self, self._content, given_name)
        if isinstance(self._content, UnsafeValue):
            announce_unsafe_value(self)

    def _rotate(self, rotation: Rotation) -> None:
        grant = None if rotation.grantee is None else self._grants.rotate(rotation.grantee)
        hosted = rotation.hosted_function_arn(self)
        if hosted is not None:
            self._grants.rotate_hosted(hosted)
        if isinstance(self._content, Supplied):
            announce_early_rotation(self)
        self._schedule = rotation.attach(self, secret_arn=self._arn, encryption_key=self._key, content=self._content)
        check_stacks(self, self._key, self._schedule)
        self._schedule.node.add_dependency(self._grants.policy.resource)
        if grant is not None:
            grant.apply_before(self._schedule)
