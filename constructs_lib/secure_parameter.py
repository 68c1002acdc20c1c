"""SecureParameter: a SecureString of Parameter Store that exists already, with grants on it and on its key alike."""

from typing import TYPE_CHECKING, Self

import aws_cdk as cdk
import jsii
from aws_cdk import aws_iam as iam
from aws_cdk import aws_ssm as ssm
from aws_cdk.interfaces.aws_ssm import ParameterReference

from constructs_lib.actions import READ_PARAMETER, WRITE_PARAMETER
from constructs_lib.secrets.parameter_key import check_parameter_key, let_use
from constructs_lib.secrets.parameter_name import checked_parameter_name
from constructs_lib.secrets.parameter_people import announce_unwritten, check_grantee, own_conditions
from constructs_lib.service_access.parameter_store import read_parameter, write_parameter

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aws_cdk import aws_kms as kms
    from constructs import Construct

    from constructs_lib.service_access.service_use import ServiceUse


@jsii.implements(ssm.IParameter)
class SecureParameter(cdk.Resource):
    """A SecureString parameter that exists: put there with `aws ssm put-parameter`, or by whoever keeps it.

    CloudFormation cannot create one. A template that could would hold the value.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ssm-parameter.html

    A grant writes exact actions on this parameter alone into the grantee's IAM policy, and admits the same grantee to
    the key, through Systems Manager of this Region and with the encryption context of this parameter alone. A role of
    another stack is named as the key's own grants name it. It is an `ssm.IParameter`, so
    `ecs.Secret.from_ssm_parameter(parameter)` and whatever else asks for its grants pass through here.

    Nothing of it is in the template but its name. There is no `string_value` and no dynamic reference:
    `docs/secrets.md` says what `ssm-secure` references take, and whom they admit.

    Attributes:
        parameter_name: Its name, with its path.
        encryption_key: The key under which its value is encrypted.

    Examples:
        >>> from aws_cdk import aws_kms as kms
        >>> stack = cdk.Stack(cdk.App(), "Orders")
        >>> token = SecureParameter.from_name(
        ...     stack, "Token", parameter_name="/orders/token", encryption_key=kms.Key(stack, "Key")
        ... )
        >>> token.parameter_name
        '/orders/token'
    """

    def __init__(
        self, scope: "Construct", construct_id: str, *, parameter_name: str, encryption_key: "kms.IKey"
    ) -> None:
        """Import a parameter, as `from_name` does.

        Args:
            scope: The construct that uses it.
            construct_id: Name within `scope`.
            parameter_name: Its name.
            encryption_key: The key under which its value is encrypted.

        Raises:
            ConfigurationError: If the name or the key is none.
        """
        name = checked_parameter_name(parameter_name)
        check_parameter_key(scope, encryption_key)
        super().__init__(scope, construct_id)
        self.encryption_key = encryption_key
        self._name = name
        self._arn = cdk.Stack.of(self).format_arn(
            service="ssm", resource="parameter", resource_name=name.removeprefix("/")
        )

    @classmethod
    def from_name(
        cls, scope: "Construct", construct_id: str, *, parameter_name: str, encryption_key: "kms.IKey"
    ) -> Self:
        """Import a SecureString parameter of the stack's account and Region.

        Args:
            scope: The construct that uses it.
            construct_id: Name within `scope`.
            parameter_name: Its literal name, with its path: `/orders/token`.
            encryption_key: The key under which its value is encrypted: the one that was named by `--key-id` when it
                was put. Nothing can be granted on `alias/aws/ssm`, so that one is refused.

        Raises:
            ConfigurationError: If Parameter Store would not take the name, or the key is AWS's own, of another kind,
                of another Region, or known by an alias that IAM policies cannot name.
        """
        return cls(scope, construct_id, parameter_name=parameter_name, encryption_key=encryption_key)

    @property
    def parameter_name(self) -> str:
        """Its name, with its path."""
        return self._name

    @property
    def parameter_arn(self) -> str:
        """Its ARN."""
        return self._arn

    @property
    def parameter_type(self) -> str:
        """Its type."""
        return "SecureString"

    @property
    def parameter_ref(self) -> ParameterReference:
        """What the CDK's own code asks for a reference to it."""
        return ParameterReference(parameter_arn=self._arn, parameter_name=self._name)

    def grant_read(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let somebody read the value: `GetParameter` and `GetParameters`, neither its history nor a whole path.

        Args:
            grantee: A role or a user of the parameter's account, or what has one.

        Returns:
            The grant; without success for those whose policies nothing here can write, which is announced.

        Raises:
            ConfigurationError: If the grantee is a service, an account or a group, or is of another account.
        """
        return self._grant(grantee, READ_PARAMETER, read_parameter)

    def grant_write(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let somebody put a new value, without reading the present one.

        Whoever puts one must name the key with `--key-id`: without it Parameter Store encrypts under `alias/aws/ssm`.

        Args:
            grantee: A role or a user of the parameter's account, or what has one.

        Returns:
            The grant; without success for those whose policies nothing here can write, which is announced.

        Raises:
            ConfigurationError: If the grantee is a service, an account or a group, or is of another account.
        """
        return self._grant(grantee, WRITE_PARAMETER, write_parameter)

    def _grant(self, grantee: iam.IGrantable, actions: "Sequence[str]", use: "Callable[..., ServiceUse]") -> iam.Grant:
        check_grantee(self, grantee)
        stack = cdk.Stack.of(self)
        # What is known is said, since the key may be of another account; the rest means what it means for the key.
        place = {"region": stack.region, "account": stack.account}
        known = {name: value for name, value in place.items() if not cdk.Token.is_unresolved(value)}
        let_use(self, self.encryption_key, use(parameter_name=self._name, **known), grantee)
        granted = iam.Grant.add_to_principal(
            grantee=grantee,
            actions=list(actions),
            resource_arns=[self._arn],
            conditions=own_conditions(grantee),
        )
        if not granted.success:
            announce_unwritten(self, grantee, actions=actions, resource=self._arn)
        return granted
