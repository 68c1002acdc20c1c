"""IssuedCertificate: a gate before what serves a certificate that somebody validates in a DNS outside."""

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from constructs_lib.certificate_actions import DESCRIBE_CERTIFICATE
from constructs_lib.certificates.certificate_resource import CertificateResource, let_other_stacks_refer, name_after
from constructs_lib.certificates.own_stack import own_stack
from constructs_lib.certificates.requested_certificate import ANSWER_TAKES
from constructs_lib.certificates.requesting_function import ANSWERED, OUTSIDE_VPC, PACKAGE
from constructs_lib.functions.answered_findings import INLINE
from constructs_lib.functions.bundled_function import BundledFunction, Task
from constructs_lib.functions.function_settings import Capacity, ReadFunctionSettings
from constructs_lib.wiring.findings import PACKS, answer

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_lambda as lambda_
    from constructs import Construct

    from constructs_lib.wiring.certificate_facts import CertificateFacts

_TYPE = "Custom::IssuedCertificate"
_A_LOOK = Capacity(memory_size_mib=256, seconds=120)


class IssuedCertificate(CertificateResource):
    """A certificate that is known to be issued when its ARN is known: `ManagedCertificate.once_issued`.

    Until ACM has found the records the deployment of whatever uses it fails, says which records are missing, and can
    be repeated.

    Attributes:
        function: The function that looks.
    """

    function: "lambda_.Function"

    def __init__(
        self,
        scope: "Construct",
        construct_id: str,
        *,
        certificate_arn: str,
        facts: "CertificateFacts",
        fingerprint: str,
        operations_key: "kms.IKey",
        settings: ReadFunctionSettings,
    ) -> None:
        """Define the gate and the function that looks at the certificate.

        Args:
            scope: The construct that owns them.
            construct_id: Name within `scope`.
            certificate_arn: The certificate.
            facts: What it says of itself.
            fingerprint: Changes when it becomes another certificate.
            operations_key: The key of the function's log.
            settings: How the function runs.
        """
        super().__init__(scope, construct_id)
        task = Task(
            handler=f"{PACKAGE}.issued.handle",
            description="Looks whether ACM has issued a certificate",
            environment=own_stack(),
            capacity=_A_LOOK,
            without_queue=ANSWERED,
            network=OUTSIDE_VPC,
        )
        code = settings.code(PACKAGE)
        made = BundledFunction(self, "Look", task=task, code=code, operations_key=operations_key, settings=settings)
        self.function = made.function
        statement = iam.PolicyStatement(sid="Look", actions=list(DESCRIBE_CERTIFICATE), resources=[certificate_arn])
        allowed = iam.Policy(self, "Allowed", roles=[made.role], statements=[statement])
        answer(allowed, {f"{pack}-IAMNoInlinePolicy": INLINE for pack in PACKS})
        self._facts = facts
        self._resource = cdk.CfnResource(
            self,
            "Resource",
            type=_TYPE,
            properties={
                "ServiceToken": made.function.function_arn,
                "ServiceTimeout": cdk.Duration.seconds(made.timeout_seconds).plus(ANSWER_TAKES).to_seconds(),
                "CertificateArn": certificate_arn,
            },
        )
        self._resource.node.add_dependency(allowed, made.role)
        name_after(self._resource, fingerprint)
        let_other_stacks_refer(self._resource)

    @property
    def _arn(self) -> str:
        return self._resource.get_att("CertificateArn").to_string()
