"""ImportFunction: the bundled function that checks a certificate and imports it, with exactly its permissions."""

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from constructs import Construct

from constructs_lib.bundling.lambda_bundle import LambdaBundle, function_source
from constructs_lib.certificate_actions import END_OWN_CERTIFICATE, IMPORT_AGAIN, IMPORT_NEW_CERTIFICATE
from constructs_lib.certificates.own_stack import own_stack
from constructs_lib.certificates.own_tag import only_new_as_own, only_own
from constructs_lib.functions.answered_findings import INLINE
from constructs_lib.functions.bundled_function import BundledFunction, Task
from constructs_lib.functions.function_settings import Capacity, ReadFunctionSettings
from constructs_lib.wiring.findings import PACKS, answer, as_found

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_lambda as lambda_

    from constructs_lib.certificates.import_checks import ImportChecks

_PACKAGE = "certificate_care"
# Where the secret is in another stack, the role's name begins with it, which people meet in policies and the record.
_ROLE_BEGINS = "CertificateCare"
# A first import waits for permissions that IAM has not told everywhere yet.
_ONE_IMPORT = Capacity(memory_size_mib=512, seconds=180)
_REPEATED = (
    "CloudFormation waits for an answer of the function, and a schedule invokes it twice a day whatever became of an "
    "event; what it refused is a metric. A dead-letter queue would keep what nobody needs to repeat."
)
_OUTSIDE_VPC = (
    "The function reaches no private resource: it calls Secrets Manager and ACM, and answers CloudFormation, over TLS "
    "with signed requests, and nothing can connect to it."
)
_OWN_BY_TAG = (
    "ACM draws the id of a certificate when it is imported, so no policy can name it before. The statements allow only "
    "imports that carry this certificate's own tag, which ACM refuses over a certificate that is there already, and "
    "to end what carries that tag; the policy that allows to import again names the one certificate."
)


class ImportFunction(Construct):
    """The function, its role, and what that may do.

    Whoever can run code as the role can put this one certificate out of service or another one into it; can import
    certificates that nothing serves; and can tag certificates that this library did not make as its own and delete
    them, which ACM refuses while something uses them. IAM has no condition that tells tagging at an import from tagging
    later.

    Attributes:
        function: The function.
        role: Its role.
        timeout: How long one invocation may take.
        allowed_first: What must be allowed before the first import.
    """

    function: "lambda_.Function"
    role: iam.Role
    timeout: cdk.Duration
    allowed_first: iam.Policy

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        checks: "ImportChecks",
        secret_arn: str,
        tag_value: str,
        operations_key: "kms.IKey",
        settings: ReadFunctionSettings,
    ) -> None:
        """Define them.

        Args:
            scope: The construct that owns them.
            construct_id: Name within `scope`.
            checks: What it demands of a certificate.
            secret_arn: The secret that holds the certificate. Who may read it, the caller says.
            tag_value: By which the certificate is known to be its own.
            operations_key: The key of the log.
            settings: How it runs.
        """
        super().__init__(scope, construct_id)
        task = Task(
            handler=f"{_PACKAGE}.importing.handle",
            description="Checks a certificate of a secret and imports it into ACM",
            environment={**checks.variables(secret_arn), **own_stack()},
            capacity=_ONE_IMPORT,
            without_queue=_REPEATED,
            network=_OUTSIDE_VPC,
        )
        bundle = LambdaBundle(function_source(_PACKAGE), settings.target, texts=checks.files)
        made = BundledFunction(
            self, _ROLE_BEGINS, task=task, code=bundle.code(), operations_key=operations_key, settings=settings
        )
        self.function, self.role = made.function, made.role
        self.timeout = cdk.Duration.seconds(made.timeout_seconds)
        self.allowed_first = self._allow_first(tag_value)

    def _allow_first(self, tag_value: str) -> iam.Policy:
        """Allow a first import, and to end its own certificate.

        A stack that is deleted loses what names the certificate before it loses the certificate.
        https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscertificatemanager.html
        """
        any_certificate = cdk.Stack.of(self).format_arn(service="acm", resource="certificate", resource_name="*")
        policy = iam.Policy(
            self,
            "FirstImport",
            roles=[self.role],
            statements=[
                iam.PolicyStatement(
                    sid="ImportNew",
                    actions=list(IMPORT_NEW_CERTIFICATE),
                    resources=[any_certificate],
                    conditions=only_new_as_own(tag_value),
                ),
                iam.PolicyStatement(
                    sid="EndOwn",
                    actions=list(END_OWN_CERTIFICATE),
                    resources=[any_certificate],
                    conditions=only_own(tag_value),
                ),
            ],
        )
        found = as_found(cdk.Stack.of(self).resolve(any_certificate))
        answer(
            policy,
            {
                **{f"{pack}-IAMNoInlinePolicy": INLINE for pack in PACKS},
                f"AwsSolutions-IAM5[Resource::{found}]": _OWN_BY_TAG,
            },
        )
        return policy

    def allow_again(self, certificate_arn: str) -> iam.Policy:
        """Allow to import over one certificate, and to look at it.

        Args:
            certificate_arn: The certificate.
        """
        policy = iam.Policy(
            self,
            "FurtherImports",
            roles=[self.role],
            statements=[
                iam.PolicyStatement(sid="ImportAgain", actions=list(IMPORT_AGAIN), resources=[certificate_arn])
            ],
        )
        answer(policy, {f"{pack}-IAMNoInlinePolicy": INLINE for pack in PACKS})
        return policy
