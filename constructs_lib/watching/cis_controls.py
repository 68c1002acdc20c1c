"""CisControl: the calls of which the CIS AWS Foundations Benchmark wants to hear, with the patterns that AWS publishes.

Section 4 of the benchmark, 4.1 to 4.15 since version 1.4, 3.1 to 3.14 before. Security Hub checks 4.4 to 4.14 and 4.3
against version 1.4, 4.1 and 4.2 against version 1.2 alone, and in versions 3.0 and 5.0 leaves all of it to people.
"This control fails if the exact metric filters prescribed by CIS are not used", so nothing here is improved.
https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html
https://docs.aws.amazon.com/securityhub/latest/userguide/cis-aws-foundations-benchmark.html
"""

from enum import Enum

from constructs_lib.watching.cis_patterns import CIS_PATTERNS
from constructs_lib.watching.metric_filters import CountedEvents

_PAGE = "https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html"
_SECTION = "a-cis-alarm"


class CisControl(Enum):
    """One of the fifteen."""

    UNAUTHORIZED_CALLS = "4.1"
    """Calls that were refused. One is an alarm, which in most accounts is a usual thing."""

    SIGN_IN_WITHOUT_MFA = "4.2"
    """Sign-in of an IAM user to the console without a second factor."""

    USE_OF_ROOT = "4.3"
    """Use of the root user, except by services."""

    IAM_POLICY_CHANGES = "4.4"
    """Changes of IAM policies."""

    TRAIL_CHANGES = "4.5"
    """Changes of trails; also that one stops."""

    FAILED_SIGN_IN = "4.6"
    """Sign-in to the console with a wrong password."""

    KEYS_DISABLED_OR_DELETED = "4.7"
    """A customer managed key is disabled or scheduled for deletion."""

    BUCKET_POLICY_CHANGES = "4.8"
    """Changes of who may use a bucket, and of its life cycle and replication."""

    CONFIG_CHANGES = "4.9"
    """Changes of AWS Config's recorder and delivery."""

    SECURITY_GROUP_CHANGES = "4.10"
    """Changes of security groups."""

    NETWORK_ACL_CHANGES = "4.11"
    """Changes of network access control lists."""

    GATEWAY_CHANGES = "4.12"
    """Changes of gateways to other networks."""

    ROUTE_TABLE_CHANGES = "4.13"
    """Changes of route tables."""

    VPC_CHANGES = "4.14"
    """Changes of VPCs and of peering between them."""

    ORGANIZATION_CHANGES = "4.15"
    """Changes of the organization. It is seen in the management account only."""

    @property
    def security_hub_id(self) -> str | None:
        """The control of Security Hub that checks it; None if none does."""
        return _SECURITY_HUB[self]

    @property
    def counted(self) -> CountedEvents:
        """What is counted for it: one record within five minutes is an alarm."""
        records = CIS_PATTERNS[self.value]
        checked = "" if self.security_hub_id is None else f", Security Hub {self.security_hub_id}"
        return CountedEvents(
            name=f"CIS-{self.value}-{self.name.title().replace('_', '')}",
            patterns=(records.pattern,),
            what=f"CIS {self.value}{checked}: {records.what}.",
            look_for=f"{{ {records.look_for} }}",
            section=_SECTION,
            source=_PAGE,
        )


_SECURITY_HUB: dict[CisControl, str | None] = {
    CisControl.UNAUTHORIZED_CALLS: "CloudWatch.2",
    CisControl.SIGN_IN_WITHOUT_MFA: "CloudWatch.3",
    CisControl.USE_OF_ROOT: "CloudWatch.1",
    **{control: f"CloudWatch.{control.value[2:]}" for control in list(CisControl)[3:14]},
    CisControl.ORGANIZATION_CHANGES: None,
}
