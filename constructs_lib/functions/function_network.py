"""FunctionNetwork: subnets of a VPC in which a function runs, to reach what answers there alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam

from constructs_lib.actions import CONNECT_TO_SUBNETS
from constructs_lib.errors import ConfigurationError
from constructs_lib.functions.answered_findings import INLINE, NETWORK
from constructs_lib.functions.checked_values import check_instance
from constructs_lib.wiring.findings import PACKS, answer
from constructs_lib.wiring.given_resources import spoken

if TYPE_CHECKING:
    from constructs import Construct


@dataclass(frozen=True, kw_only=True)
class FunctionNetwork:
    """Subnets of a VPC and what may be reached from there.

    The subnets need a way to the services that the function calls: interface endpoints, or a NAT gateway.

    Attributes:
        vpc: The VPC.
        security_groups: What the function may reach, and who knows it by that: at least one.
        subnets: Which of its subnets. Default: private ones with a way out.
    """

    vpc: ec2.IVpc
    security_groups: Sequence[ec2.ISecurityGroup]
    subnets: ec2.SubnetSelection | None = None

    def __post_init__(self) -> None:
        """Refuse what is no network.

        Raises:
            ConfigurationError: If it is none, or nothing is said of what the function may reach.
        """
        if not hasattr(self.vpc, "vpc_id"):
            raise ConfigurationError(f"vpc must be a VPC, such as ec2.Vpc(...), got {spoken(self.vpc)}")
        if not self.security_groups:
            raise ConfigurationError(f"security_groups must be one or more, got {spoken(self.security_groups)}")
        for group in self.security_groups:
            if not hasattr(group, "security_group_id"):
                raise ConfigurationError(f"security_groups must be security groups, got {spoken(group)}")
        if self.subnets is not None:
            check_instance("subnets", self.subnets, ec2.SubnetSelection)

    @property
    def subnet_ids(self) -> list[str]:
        """The subnets."""
        chosen = self.subnets or ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS)
        return self.vpc.select_subnets(
            availability_zones=chosen.availability_zones,
            one_per_az=chosen.one_per_az,
            subnet_filters=chosen.subnet_filters,
            subnet_group_name=chosen.subnet_group_name,
            subnets=chosen.subnets,
            subnet_type=chosen.subnet_type,
        ).subnet_ids

    @property
    def security_group_ids(self) -> list[str]:
        """The security groups."""
        return [group.security_group_id for group in self.security_groups]

    def let_connect(self, scope: "Construct", role: iam.IRole) -> iam.Policy:
        """Let Lambda connect a function to the subnets with its role, and the function itself not.

        Lambda makes network interfaces with the role of the function, on every resource because EC2 offers these
        actions so. What the code of a function calls has `lambda:SourceFunctionArn` in its request; what Lambda calls
        has not. https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html

        Args:
            scope: The construct that owns the policy, as its child `Network`.
            role: The function's role.
        """
        policy = iam.Policy(
            scope,
            "Network",
            roles=[role],
            statements=[
                iam.PolicyStatement(actions=list(CONNECT_TO_SUBNETS), resources=["*"]),
                iam.PolicyStatement(
                    effect=iam.Effect.DENY,
                    actions=list(CONNECT_TO_SUBNETS),
                    resources=["*"],
                    conditions={"Null": {"lambda:SourceFunctionArn": "false"}},
                ),
            ],
        )
        answer(
            policy,
            {**{f"{pack}-IAMNoInlinePolicy": INLINE for pack in PACKS}, "AwsSolutions-IAM5[Resource::*]": NETWORK},
        )
        return policy
