"""RequestingFunction: the bundled function that asks ACM for a certificate, with exactly its permissions."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from constructs import Construct

from constructs_lib.certificate_actions import (
    ASSUME_ROLE,
    DOMAIN_NAMES,
    END_OWN_CERTIFICATE,
    EXPORT,
    KEY_ALGORITHM,
    REQUEST_CERTIFICATE,
    TAG_REQUESTED_CERTIFICATE,
    VALIDATION_METHOD,
)
from constructs_lib.certificates.inline_size import check_inline_size
from constructs_lib.certificates.own_stack import own_stack
from constructs_lib.certificates.own_tag import TAG, only_new_as_own, only_own
from constructs_lib.certificates.record_permissions import record_statements
from constructs_lib.certificates.wanted_certificate import Export, WantedCertificate
from constructs_lib.functions.answered_findings import INLINE
from constructs_lib.functions.bundled_function import BundledFunction, Task
from constructs_lib.functions.function_settings import Capacity, ReadFunctionSettings
from constructs_lib.naming.role_names import name_digest
from constructs_lib.wiring.findings import PACKS, answer, as_found

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_lambda as lambda_

    from constructs_lib.certificates.validation_zones import ReadZone

PACKAGE = "certificate_care"
_ROLE_BEGINS = "CertificateRequest"
_ONE_REQUEST = Capacity(memory_size_mib=256, seconds=900)
ANSWERED = (
    "CloudFormation alone invokes the function and waits for its answer, which says what went wrong. A dead-letter "
    "queue would keep what nobody may do again without CloudFormation."
)
OUTSIDE_VPC = (
    "The function reaches no private resource: it calls ACM, Route 53 and STS, and answers CloudFormation, over TLS "
    "with signed requests, and nothing can connect to it."
)
_NO_RESOURCE = (
    "ACM has no resource for a request. The statement allows requests for exactly these names, this key algorithm, "
    "validation by DNS and this certificate's own tag, and stands in a policy of its own."
)
_OWN_BY_TAG = (
    "ACM draws the id of a certificate when it is requested, so no policy can name it before. The statements allow "
    "only to tag with this certificate's own tag, and to look at and delete what carries it."
)


class RequestingFunction(Construct):
    """The function, its role, and what that may do.

    Whoever can run code as the role can have a certificate of these names issued, which nobody gets the private key
    of; and can tag certificates that this library did not make as its own and delete them, which ACM refuses while
    something uses them.

    Attributes:
        function: The function.
        role: Its role.
        role_name: The whole name of the role where a zone of another account is used, whose account trusts it before
            it exists; otherwise empty.
        timeout: How long one invocation may take.
        allowed: What must be allowed before the certificate is requested, and until it is deleted.
    """

    function: "lambda_.Function"
    role: iam.Role
    role_name: str
    timeout: cdk.Duration
    allowed: Sequence[iam.Policy]

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        wanted: WantedCertificate,
        zones: "Sequence[ReadZone]",
        tag_value: str,
        operations_key: "kms.IKey",
        settings: ReadFunctionSettings,
    ) -> None:
        """Define them.

        Args:
            scope: The construct that owns them.
            construct_id: Name within `scope`.
            wanted: The certificate.
            zones: Where its validation records are written; none if somebody else does that.
            tag_value: By which the certificate is known to be its own.
            operations_key: The key of the log.
            settings: How it runs.

        Raises:
            ConfigurationError: If IAM takes no permissions of that size.
        """
        super().__init__(scope, construct_id)
        task = Task(
            handler=f"{PACKAGE}.request.handle",
            description="Requests a certificate from ACM and writes its validation records",
            environment=own_stack(),
            capacity=_ONE_REQUEST,
            without_queue=ANSWERED,
            network=OUTSIDE_VPC,
        )
        code = settings.code(PACKAGE)
        made = BundledFunction(self, "Function", task=task, code=code, operations_key=operations_key, settings=settings)
        self.function, self.role = made.function, made.role
        self.role_name = self._name_role() if any(zone.delegated is not None for zone in zones) else ""
        self.timeout = cdk.Duration.seconds(made.timeout_seconds)
        self.allowed = (
            self._allow_request(wanted, tag_value),
            self._allow_own(tag_value),
            *([self._allow_records(zones)] if zones else []),
        )
        check_inline_size(self.allowed)

    def _name_role(self) -> str:
        resource = cast("iam.CfnRole", self.role.node.default_child)
        # IAM is global, so the Region belongs into the name.
        name = f"{_ROLE_BEGINS}-{cdk.Stack.of(self).region}-{name_digest(resource)}"
        resource.role_name = name
        return name

    def _allow_request(self, wanted: WantedCertificate, tag_value: str) -> iam.Policy:
        policy = iam.Policy(
            self,
            "Request",
            roles=[self.role],
            statements=[
                iam.PolicyStatement(
                    sid="Request",
                    actions=list(REQUEST_CERTIFICATE),
                    resources=["*"],
                    conditions=_only(wanted, tag_value),
                )
            ],
        )
        self._answer(policy, {"AwsSolutions-IAM5[Resource::*]": _NO_RESOURCE})
        return policy

    def _allow_own(self, tag_value: str) -> iam.Policy:
        stack = cdk.Stack.of(self)
        any_certificate = stack.format_arn(service="acm", resource="certificate", resource_name="*")
        policy = iam.Policy(
            self,
            "Own",
            roles=[self.role],
            statements=[
                iam.PolicyStatement(
                    sid="TagAsOwn",
                    actions=list(TAG_REQUESTED_CERTIFICATE),
                    resources=[any_certificate],
                    conditions=only_new_as_own(tag_value),
                ),
                iam.PolicyStatement(
                    sid="LookAtAndEndOwn",
                    actions=list(END_OWN_CERTIFICATE),
                    resources=[any_certificate],
                    conditions=only_own(tag_value),
                ),
            ],
        )
        self._answer(policy, {f"AwsSolutions-IAM5[Resource::{as_found(stack.resolve(any_certificate))}]": _OWN_BY_TAG})
        return policy

    def _allow_records(self, zones: "Sequence[ReadZone]") -> iam.Policy:
        statements: list[iam.PolicyStatement] = []
        own = [zone for zone in zones if zone.delegated is None]
        for number, zone in enumerate(own, start=1):
            statements += record_statements(zone.arn, zone.domain_names, number=number)
        roles = dict.fromkeys(zone.delegated.role_arn for zone in zones if zone.delegated is not None)
        if roles:
            statements.append(
                iam.PolicyStatement(sid="BecomeZoneRoles", actions=list(ASSUME_ROLE), resources=list(roles))
            )
        policy = iam.Policy(self, "Records", roles=[self.role], statements=statements)
        self._answer(policy, {})
        return policy

    def _answer(self, policy: iam.Policy, reasons: dict[str, str]) -> None:
        answer(policy, {**{f"{pack}-IAMNoInlinePolicy": INLINE for pack in PACKS}, **reasons})


def _only(wanted: WantedCertificate, tag_value: str) -> dict[str, dict[str, object]]:
    """Return the conditions under which a request is for this certificate.

    https://docs.aws.amazon.com/acm/latest/userguide/acm-conditions.html
    """
    equal: dict[str, object] = {
        KEY_ALGORITHM: wanted.key_algorithm.value,
        VALIDATION_METHOD: "DNS",
        f"aws:RequestTag/{TAG}": tag_value,
    }
    conditions: dict[str, dict[str, object]] = {
        "StringEquals": equal,
        "ForAllValues:StringEquals": {DOMAIN_NAMES: list(wanted.domain_names), "aws:TagKeys": [TAG]},
        # For a list that is not there, every value of it is allowed.
        "Null": {DOMAIN_NAMES: "false"},
    }
    if wanted.export is Export.ALLOWED:
        equal[EXPORT] = wanted.export.value
    else:  # a request that does not speak of it means the same
        conditions["StringEqualsIfExists"] = {EXPORT: wanted.export.value}
    return conditions
