"""HostedFunction: a function of AWS whose role nobody can name, as policies know it. No jsii."""

from dataclasses import dataclass

from constructs_lib.errors import ConfigurationError
from constructs_lib.principals import PRINCIPAL_ARN, arn_parts
from constructs_lib.spared_callers import is_pattern

USER_ID = "aws:userid"
ROLE_ID = "AROA"
"""Of a role it stands in `aws:userid` before the name of the session, and of a federated user the account's number.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable
"""


@dataclass(frozen=True, kw_only=True)
class HostedFunction:
    """A function that CloudFormation makes for a hosted rotation, with a role whose name it draws.

    It is known by two things together. Its sessions are called like the function, since `lambda:SourceFunctionArn`
    counts in no resource policy; that they are is what CloudTrail shows, and no page of AWS promises it. And its role
    has a name that begins with that of the outermost stack, as names have that CloudFormation draws. Whoever may assume
    a role of such a name, under the name of the function, is taken for it, and has to be kept out by IAM.
    https://docs.aws.amazon.com/lambda/latest/dg/permissions-source-function-arn.html

    Attributes:
        arn: The function, without a version.
        roles: The pattern of its role's ARN.

    Examples:
        >>> arn = "arn:aws:lambda:eu-west-1:111122223333:function:RotateOrders"
        >>> HostedFunction(arn=arn, roles="arn:aws:iam::111122223333:role/Orders-*").session
        'AROA*:RotateOrders'
    """

    arn: str
    roles: str

    def __post_init__(self) -> None:
        """Refuse what is no function.

        Raises:
            ConfigurationError: If it is the ARN of something else, or of a version.
        """
        _, _, service, _, _, resource = arn_parts(self.arn)
        kind, _, name = resource.partition(":")
        if (service, kind) != ("lambda", "function") or not name or ":" in name or is_pattern(name):
            raise ConfigurationError(f"the ARN of a rotation function must be one without a version, got {self.arn!r}")

    @property
    def session(self) -> str:
        """The pattern of what its sessions are in `aws:userid`."""
        return f"{ROLE_ID}*:{self.arn.rpartition(':')[2]}"

    @property
    def conditions(self) -> dict[str, dict[str, str]]:
        """Conditions on what it asks, as key policies write them."""
        return {"ArnLike": {PRINCIPAL_ARN: self.roles}, "StringLike": {USER_ID: self.session}}
