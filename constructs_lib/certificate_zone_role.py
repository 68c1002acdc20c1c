"""CertificateZoneRole: a role by which functions of other accounts put validation records into a zone of this one."""

import json
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from constructs import Construct

from constructs_lib.certificates.record_permissions import record_statements
from constructs_lib.certificates.requester import Requester
from constructs_lib.certificates.validation_plan import plan_validation
from constructs_lib.certificates.validation_zones import read_zone_name
from constructs_lib.errors import ConfigurationError
from constructs_lib.functions.answered_findings import INLINE
from constructs_lib.wiring.domain_names import read_domain_names
from constructs_lib.wiring.findings import PACKS, answer
from constructs_lib.wiring.given_resources import spoken

if TYPE_CHECKING:
    from aws_cdk import aws_route53 as route53

_ROLE_NAME = re.compile(r"[\w+=,.@-]{1,64}", re.ASCII)
_MOST_NAMES = 50
_LONGEST_POLICY = 10_240  # of all inline policies of a role, without spaces
_OF_A_ZONE = 100  # how much longer than its token the ARN of a zone may be, at most
_LONGEST_TRUST = 2_048  # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
_OF_A_REQUESTER = 100
_TRUST_WITHOUT_REQUESTERS = 400


class CertificateZoneRole(Construct):
    """A role for the account of a public hosted zone, which certificates of other accounts are validated through.

    It may create the validation records of exactly the told names in exactly this zone, and see what stands there. It
    cannot change or delete a record, nor create one of another kind or elsewhere. Only the told roles of the told
    accounts can assume it. Each of them can then have certificates of these names issued, for any account and by other
    authorities that validate by such a record too: that is what delegating a name means, so name no more than needed.

    Attributes:
        role: The role. Its ARN goes into `DelegatedZone(role_arn=...)` of the other account.

    Examples:
        >>> from aws_cdk import aws_route53 as route53
        >>> stack = cdk.Stack(cdk.App(), "Names")
        >>> zone = route53.PublicHostedZone(stack, "Zone", zone_name="example.com")
        >>> shop = Requester(account="111122223333", role_name="CertificateRequest-eu-central-1-0123456789ab")
        >>> made = CertificateZoneRole(
        ...     stack,
        ...     "Certificates",
        ...     hosted_zone=zone,
        ...     role_name="certificates-of-shop",
        ...     requesters=[shop],
        ...     domain_names=["shop.example.com"],
        ... )
        >>> made.zone_name
        'example.com'
    """

    role: iam.Role
    zone_name: str

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        hosted_zone: "route53.IHostedZone",
        role_name: str,
        requesters: Sequence[Requester],
        domain_names: Sequence[str],
    ) -> None:
        """Define the role.

        Args:
            scope: The construct that owns it, in the account of the zone.
            construct_id: Name within `scope`.
            hosted_zone: The public zone.
            role_name: The name of the role, by which the other accounts know it before it exists.
            requesters: Who may assume it: `ManagedCertificate.requester` tells the role of a certificate's function.
            domain_names: For which certificates may be validated; a wildcard and its parent share a record.

        Raises:
            ConfigurationError: If a value is none, the zone is private or does not contain a name, or IAM takes no
                policy of that size.
        """
        zone_name = read_zone_name("hosted_zone", hosted_zone)
        names = read_domain_names("domain_names", domain_names, most=_MOST_NAMES)
        (validated,) = plan_validation(names, [zone_name]).values()
        statements = record_statements(hosted_zone.hosted_zone_arn, validated)
        _check_policy_size(statements)
        _check_role_name(role_name)
        _check_requesters(requesters)
        super().__init__(scope, construct_id)
        self.zone_name = zone_name
        self.role = iam.Role(
            self,
            "Role",
            role_name=role_name,
            description=f"Puts validation records of certificates into the hosted zone {zone_name}",
            assumed_by=_trusted(requesters),
        )
        policy = iam.Policy(self, "Records", roles=[self.role], statements=statements)
        answer(policy, {f"{pack}-IAMNoInlinePolicy": INLINE for pack in PACKS})


def _trusted(requesters: Sequence[Requester]) -> iam.IPrincipal:
    """Trust roles by name: a role that IAM must know when it reads the policy could not be made after this one."""
    by_account: dict[str, list[str]] = {}
    for each in requesters:
        arn = f"arn:{cdk.Aws.PARTITION}:iam::{each.account}:role/{each.role_name}"
        by_account.setdefault(each.account, []).append(arn)
    principals = [
        iam.PrincipalWithConditions(iam.AccountPrincipal(account), {"ArnLike": {"aws:PrincipalArn": arns}})
        for account, arns in by_account.items()
    ]
    return principals[0] if len(principals) == 1 else iam.CompositePrincipal(*principals)


def _check_role_name(given: str) -> None:
    if not isinstance(given, str) or not _ROLE_NAME.fullmatch(given):
        raise ConfigurationError(
            f"role_name must be 1 to 64 letters, digits or _+=,.@-, known before it is deployed, got {spoken(given)}"
        )


def _check_policy_size(statements: Sequence[iam.PolicyStatement]) -> None:
    size = sum(len(json.dumps(each.to_statement_json(), separators=(",", ":"))) + _OF_A_ZONE for each in statements)
    if size > _LONGEST_POLICY:
        raise ConfigurationError(
            f"domain_names must be so few and short that IAM takes the policy of their role, at most {_LONGEST_POLICY} "
            f"characters, got {size}: give some of them away with a role of their own"
        )


def _check_requesters(given: Sequence[Requester]) -> None:
    if not isinstance(given, Sequence) or not given:
        raise ConfigurationError(f"requesters must be a list of at least one Requester, got {spoken(given)}")
    for number, each in enumerate(given):
        if not isinstance(each, Requester):
            raise ConfigurationError(f"requesters[{number}] must be a Requester, got {spoken(each)}")
        if each in given[:number]:
            raise ConfigurationError(f"requesters must name each role once, got {each.role_name} twice")
    most = (_LONGEST_TRUST - _TRUST_WITHOUT_REQUESTERS) // _OF_A_REQUESTER
    if len(given) > most:
        raise ConfigurationError(
            f"requesters must be at most {most}, of which IAM takes a trust policy, got {len(given)}"
        )
