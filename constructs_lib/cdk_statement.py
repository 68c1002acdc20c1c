"""CdkStatement: what somebody else's policy statement says, in the few parts that a key policy needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aws_cdk import aws_iam as iam

from constructs_lib.actions import EVERYTHING, OF_KEY_POLICIES
from constructs_lib.errors import ConfigurationError
from constructs_lib.exact_actions import matching

if TYPE_CHECKING:
    from constructs_lib.principals import Effect


@dataclass(frozen=True)
class CdkStatement:
    """A statement for a resource policy, as the CDK writes it.

    Attributes:
        effect: `Allow` or `Deny`.
        principals: Kind of principal to one or more values.
        actions: Actions, wildcards among them; one that matches all is `kms:*`.
        conditions: As a policy document writes them.
    """

    effect: "Effect"
    principals: Mapping[str, Any]
    actions: Sequence[str]
    conditions: Mapping[str, Any]

    @classmethod
    def read(cls, statement: iam.PolicyStatement) -> "CdkStatement":
        """Return the parts of a statement; its Sid and resources do not matter to a key policy.

        Raises:
            ConfigurationError: If it is none, or says whom or what it does not mean: `NotPrincipal` or `NotAction`.
        """
        if not isinstance(statement, iam.PolicyStatement):
            raise ConfigurationError(
                f"statement must be an iam.PolicyStatement, such as iam.PolicyStatement.from_json(...), "
                f"got a {type(statement).__name__}"
            )
        data = statement.to_statement_json()
        if "NotAction" in data or "NotPrincipal" in data or "Principal" not in data or "Action" not in data:
            raise ConfigurationError(
                "statement must have Principal and Action and neither NotPrincipal nor NotAction, "
                f"got {', '.join(sorted(data))}"
            )
        return cls(
            effect=data.get("Effect", "Allow"),
            principals={"AWS": "*"} if data["Principal"] == "*" else data["Principal"],
            actions=[EVERYTHING if _is_everything(each) else each for each in _listed(data["Action"])],
            conditions=data.get("Condition", {}),
        )


def _listed(actions: Any) -> list[Any]:  # noqa: ANN401  # any JSON value
    return [actions] if isinstance(actions, str) else list(actions)


def _is_everything(action: object) -> bool:
    return isinstance(action, str) and matching([action]) == OF_KEY_POLICIES
