"""CallersElsewhere: how a key policy that this app does not write would name callers, so that people can paste it."""

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from constructs import IConstruct

from constructs_lib.errors import ConfigurationError
from constructs_lib.naming.grantees import Grantee, Grantees
from constructs_lib.naming.role_names import UnnamedRoles, named_arn
from constructs_lib.principals import Principal


class CallersElsewhere(Grantees):
    """Reads principals for one key that exists already.

    Roles and users of the app are named by name, since nobody can paste a reference. One without a name of its own
    keeps what CloudFormation gives it, and its construct path stands for that: renaming a deployed role would replace
    it, for a statement that the key policy may not even need.
    """

    def read(self, principal: iam.IPrincipal, argument: str = "grantee") -> Grantee:
        """Return how the key policy would name a principal, which is not what keys of the stack have read.

        Args:
            principal: Who is meant.
            argument: What a refusal calls it.

        Raises:
            ConfigurationError: If KMS cannot name it: a group, everybody.
        """
        fragment = principal.policy_fragment
        return self.from_json(fragment.principal_json, fragment.conditions, argument)

    def _of_app(
        self,
        argument: str,  # noqa: ARG002  # nothing is refused here
        value: str,  # noqa: ARG002  # a reference
        target: iam.CfnRole | iam.CfnUser,
    ) -> tuple[Principal, IConstruct | None]:
        return Principal.by_name(self.text.text(self._arn_of(target))), target

    def _arn_of(self, target: iam.CfnRole | iam.CfnUser) -> str:
        stack = Stack.of(target)
        is_role = isinstance(target, iam.CfnRole)
        given = target.role_name if isinstance(target, iam.CfnRole) else target.user_name
        if given is not None and stack.resolve(given) is not None:
            try:
                return named_arn(target, UnnamedRoles.GIVE_NAME, self.key)
            except ConfigurationError:  # a parameter
                pass
        kind, path = "role" if is_role else "user", stack.resolve(target.path or "/")
        place = path if isinstance(path, str) else "/"
        return f"arn:{stack.partition}:iam::{stack.account}:{kind}{place}${{{target.node.path}}}"
