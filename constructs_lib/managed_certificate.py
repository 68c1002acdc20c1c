"""ManagedCertificate: a public certificate of ACM, validated by DNS wherever that is, for services in any Region."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Unpack

import aws_cdk as cdk

from constructs_lib.certificates.caa_records import CaaRecords, write_caa_records
from constructs_lib.certificates.certificate_resource import CertificateResource, let_other_stacks_refer, name_after
from constructs_lib.certificates.issued_certificate import IssuedCertificate
from constructs_lib.certificates.key_choice import check_region_of_targets, choose_key_algorithm, read_targets
from constructs_lib.certificates.native_certificate import certificate_by_email, certificate_in_zones
from constructs_lib.certificates.requested_certificate import (
    check_records_fit,
    request_certificate,
    tell_records,
)
from constructs_lib.certificates.requester import Requester
from constructs_lib.certificates.validation import DnsValidation, EmailValidation, OutsideDns, Validation
from constructs_lib.certificates.validation_choice import (
    check_caa,
    check_function,
    check_mailboxes,
    check_member,
    check_validation,
    needs_function,
    replacing,
)
from constructs_lib.certificates.validation_zones import ReadZone, read_zones
from constructs_lib.certificates.wanted_certificate import Export, WantedCertificate, read_names
from constructs_lib.errors import ConfigurationError
from constructs_lib.functions.function_settings import FunctionSettings, read_function_settings
from constructs_lib.guardrails.plugin import guard_certificates
from constructs_lib.wiring.certificate_facts import CertificateFacts, KeyAlgorithm, Renewal
from constructs_lib.wiring.places import distance

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_lambda as lambda_
    from constructs import Construct

    from constructs_lib.wiring.certificate_targets import Target


class ManagedCertificate(CertificateResource):
    """A public certificate that ACM issues and renews, in the Region of its stack.

    Hand it as an object to what serves it, in this stack or another one of the app, in any Region of the account: the
    other stack reads its ARN when it is deployed. A certificate for CloudFront, Cognito or an edge-optimized API is
    defined in a stack of us-east-1, for an app that may live elsewhere.

    With zones of this account CloudFormation requests the certificate, writes the records and waits. With a zone of
    another account, or an outside DNS, a function does: it assumes a role for each such zone, or answers with records
    that the stack has as outputs. `cdk.Tags` reach what CloudFormation requests, and not what the function does, which
    may set its own tag alone.

    Other names, another algorithm or export make another certificate, with another ARN. It is issued first, then what
    serves it is changed, then the former one is deleted. Where another stack serves it, the former one is still in use
    when it should go: ACM refuses that, and the former certificate stays behind and costs nothing; delete it by hand
    when the other stack has been deployed. The same refusal ends the deletion of a stack whose certificate is still in
    use: the event says by what. Validation records stay for ever, since every certificate of the account for these
    names needs them; a hosted zone that is to be deleted must be rid of them before.

    Nobody can opt out of the public log of certificates: AWS ended that, and names in it are public. Names that must
    not be known belong behind a wildcard.
    https://docs.aws.amazon.com/acm/latest/userguide/acm-bestpractices.html

    Attributes:
        function: The function that requests it; None where CloudFormation does.
        validation_records: What somebody must put into an outside DNS, one `name CNAME value` each; otherwise none.

    Examples:
        >>> from aws_cdk import aws_route53 as route53
        >>> from constructs_lib.certificates.validation import dns_validation
        >>> stack = cdk.Stack(cdk.App(), "Shop")
        >>> zone = route53.HostedZone.from_hosted_zone_attributes(
        ...     stack, "Zone", hosted_zone_id="Z0123456789ABCDEFGHIJ", zone_name="example.com"
        ... )
        >>> certificate = ManagedCertificate(
        ...     stack,
        ...     "Certificate",
        ...     domain_name="shop.example.com",
        ...     alternative_names=["*.shop.example.com"],
        ...     validation=dns_validation(zone),
        ... )
        >>> certificate.certificate_facts.key_algorithm
        <KeyAlgorithm.ECDSA_P256: 'EC_prime256v1'>
    """

    function: "lambda_.Function | None"
    validation_records: tuple[str, ...]

    def __init__(
        self,
        scope: "Construct",
        construct_id: str,
        *,
        domain_name: str,
        validation: Validation,
        alternative_names: Sequence[str] = (),
        targets: "Sequence[Target]" = (),
        key_algorithm: KeyAlgorithm | None = None,
        export: Export = Export.NEVER,
        caa: CaaRecords = CaaRecords.NONE,
        most_names: int = 10,
        operations_key: "kms.IKey | None" = None,
        **settings: Unpack[FunctionSettings],
    ) -> None:
        """Define the certificate, and the function that requests it if CloudFormation cannot.

        Args:
            scope: The construct that owns them, in the Region where the certificate serves.
            construct_id: Name within `scope`.
            domain_name: The subject's name, at most 64 characters.
            validation: `dns_validation(...)`, `outside_dns()`, or `unsafe_email_validation(...)`.
            alternative_names: Further names. A wildcard stands for one label, and not for its parent. Default: none.
            targets: What will serve it: it must be where they take it, and have a key that they take. Default:
                whatever takes it.
            key_algorithm: Of its key pair. Default: ECDSA P-256 where all targets take that, else RSA 2048.
            export: Whether it may leave AWS with its private key. Default: never.
            caa: Whether CAA records that name Amazon's authorities are written at exactly its names, in zones of this
                account. Default: none are.
            most_names: How many names ACM takes in this account. Default: its default quota.
            operations_key: The key of the function's log. Default: none, where no function is needed.
            **settings: How the function runs: `FunctionSettings`. Default: 256 MB and 15 minutes.

        Raises:
            ConfigurationError: If a value is none, names and zones do not fit, a zone is private or of another
                account, or a target takes no such certificate.
        """
        read = read_targets(targets)
        wanted = WantedCertificate(
            domain_names=read_names(domain_name, alternative_names, most=most_names),
            key_algorithm=choose_key_algorithm(key_algorithm, read),
            export=check_member("export", export, Export),
        )
        check_region_of_targets(cdk.Stack.of(scope), read)
        zones = _zones(scope, validation, wanted)
        check_caa(caa, zones)
        check_function(operations_key, settings, needed_for=needs_function(validation, zones))
        self._settings, self._operations_key = settings, operations_key
        super().__init__(scope, construct_id)
        guard_certificates(self)
        self.function, self.validation_records = None, ()
        self._role_name = ""
        self._fingerprint = wanted.fingerprint(*replacing(validation, zones))
        self._resource = self._define(wanted, validation, zones)
        name_after(self._resource, self._fingerprint)
        let_other_stacks_refer(self._resource)
        self._facts = self._told(wanted, validation)
        if caa is CaaRecords.AMAZON:
            self._resource.node.add_dependency(*write_caa_records(self, zones, wanted.domain_names))
        if isinstance(validation, OutsideDns):
            self.validation_records = tell_records(self, self._resource, wanted)

    @property
    def requester(self) -> Requester:
        """The role of its function, for the account of a delegated zone: `CertificateZoneRole(requesters=[...])`.

        Raises:
            ConfigurationError: If no zone of another account validates it, or its account or Region is known only at
                deployment.
        """
        account, region = cdk.Stack.of(self).account, cdk.Stack.of(self).region
        if not self._role_name:
            raise ConfigurationError(
                "validation must be dns_validation(...) with a DelegatedZone where a zone's account trusts a "
                f"requester, got {self.node.path} without one"
            )
        if cdk.Token.is_unresolved(account) or cdk.Token.is_unresolved(region):
            raise ConfigurationError(
                "scope must be in a stack whose account and Region are known, of which the role has its name that a "
                f"zone's account trusts, got {self.node.path}"
            )
        return Requester(account=account, role_name=self._role_name)

    def once_issued(
        self, scope: "Construct", construct_id: str, *, timeout: cdk.Duration | None = None
    ) -> IssuedCertificate:
        """Return the certificate for what serves it, whose deployment fails clearly as long as it is not issued.

        Deploy the certificate, put the records of its outputs into the DNS, then deploy what is defined with this. In
        one stack with the certificate it works too: its first deployment fails and says the records, which are the
        same when it is repeated.

        Args:
            scope: The construct that owns the gate, in the account and Region of the certificate.
            construct_id: Name within `scope`.
            timeout: How long a deployment waits for the records. Default: 2 minutes.

        Raises:
            ConfigurationError: If the certificate is validated by zones, so that nothing waits, or `scope` is
                elsewhere.
        """
        if not self.validation_records or self._operations_key is None:
            raise ConfigurationError(
                f"validation must be outside_dns() where something waits for it, got {self.node.path}, which is issued "
                "when it is there: use it as it is"
            )
        own = cdk.Stack.of(self)
        apart = distance(cdk.Stack.of(scope), account=own.account, region=own.region)
        if apart is not None:
            raise ConfigurationError(
                f"scope must be in the {apart.what} of the certificate, {apart.there}, got {apart.here}: put the gate "
                f"into a stack of {apart.there} of its own, and hand it to what serves the certificate"
            )
        return IssuedCertificate(
            scope,
            construct_id,
            certificate_arn=self.certificate_arn,
            facts=self._facts,
            fingerprint=self._fingerprint,
            operations_key=self._operations_key,
            settings=read_function_settings({**self._settings, "timeout": timeout}),
        )

    def _told(self, wanted: WantedCertificate, validation: Validation) -> CertificateFacts:
        region = cdk.Stack.of(self).region
        return CertificateFacts(
            domain_names=wanted.domain_names,
            key_algorithm=wanted.key_algorithm,
            renewal=Renewal.BY_HAND if isinstance(validation, EmailValidation) else Renewal.BY_ACM,
            region=None if cdk.Token.is_unresolved(region) else region,
        )

    def _define(self, wanted: WantedCertificate, validation: Validation, zones: Sequence[ReadZone]) -> cdk.CfnResource:
        if isinstance(validation, EmailValidation):
            return certificate_by_email(self, wanted, validation)
        if self._operations_key is None:
            return certificate_in_zones(self, wanted, zones)
        resource, requesting = request_certificate(
            self,
            wanted,
            zones,
            operations_key=self._operations_key,
            settings=read_function_settings(self._settings),
        )
        self.function = requesting.function
        self._role_name = requesting.role_name
        return resource


def _zones(scope: "Construct", validation: Validation, wanted: WantedCertificate) -> tuple[ReadZone, ...]:
    check_validation(validation)
    check_mailboxes(validation, wanted.domain_names)
    if isinstance(validation, OutsideDns):
        check_records_fit(wanted)
    return read_zones(scope, validation.zones, wanted.domain_names) if isinstance(validation, DnsValidation) else ()
