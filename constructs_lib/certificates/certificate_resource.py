"""A certificate of ACM that a stack defines, as what serves it in this or another stack sees it."""

from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import jsii
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk.interfaces.aws_certificatemanager import CertificateReference

from constructs_lib.certificates.expiry_metric import days_to_expiry
from constructs_lib.certificates.nested_uses import uses_if_nested

if TYPE_CHECKING:
    from constructs import Construct

    from constructs_lib.wiring.certificate_facts import CertificateFacts


@jsii.implements(acm.ICertificate)
class CertificateResource(cdk.Resource):
    """A certificate for every construct that takes an `ICertificate`."""

    _resource: cdk.CfnResource
    _facts: "CertificateFacts"

    def __init__(self, scope: "Construct", construct_id: str) -> None:
        """Define it, without its L1.

        Args:
            scope: The construct that owns it.
            construct_id: Name within `scope`.
        """
        super().__init__(scope, construct_id)
        self._uses = uses_if_nested(self)

    @property
    def certificate_arn(self) -> str:
        """The ARN, known when the certificate is issued or imported, or requested where an outside DNS validates it."""
        return self._arn if self._uses is None else self._uses.seen(self._arn)

    @property
    def certificate_ref(self) -> CertificateReference:
        """The certificate for constructs that take a reference instead of an `ICertificate`."""
        return CertificateReference(certificate_arn=self.certificate_arn)

    @property
    def certificate_facts(self) -> "CertificateFacts":
        """What it says of itself to what serves, watches or lists it."""
        return self._facts

    def metric_days_to_expiry(self, **options: Any) -> cloudwatch.Metric:  # noqa: ANN401  # the CDK's `MetricOptions`
        """Return the metric of the days until it expires, which ACM writes twice a day.

        https://docs.aws.amazon.com/acm/latest/userguide/cloudwatch-metrics.html

        Args:
            **options: As of every metric of the CDK. Default: the minimum of a day.
        """
        return days_to_expiry(self, self.certificate_arn, options)

    @property
    def _arn(self) -> str:
        return self._resource.ref


def let_other_stacks_refer(resource: cdk.CfnResource) -> None:
    """Have other stacks of the account read what a certificate is when they are deployed, in any Region.

    An export would forbid to replace a certificate as long as another stack serves it, and ends at the Region.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getstackoutput.html

    Args:
        resource: The certificate, or the gate before it.
    """
    cdk.CrossStackReferences.of(resource).produce(cdk.ReferenceStrength.WEAK)


def name_after(resource: cdk.CfnResource, fingerprint: str) -> None:
    """Give a resource another logical id when it becomes another certificate.

    Its ARN is another one then. What refers to it must see that in its own template: a stack whose template is the
    same is not deployed, and would go on with the former one.

    Args:
        resource: The certificate.
        fingerprint: Changes when it becomes another one.
    """
    resource.override_logical_id(f"{cdk.Stack.of(resource).get_logical_id(resource)}{fingerprint}")
