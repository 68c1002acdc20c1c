"""ImportedCertificate: a certificate of another authority in ACM, from a secret, imported again when that changes."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Unpack

import aws_cdk as cdk

from constructs_lib.certificates.certificate_resource import CertificateResource, let_other_stacks_refer
from constructs_lib.certificates.import_checks import read_import_checks
from constructs_lib.certificates.import_function import ImportFunction
from constructs_lib.certificates.import_rules import import_on_change
from constructs_lib.certificates.import_source import announce_source, check_source
from constructs_lib.certificates.key_choice import check_region_of_targets
from constructs_lib.certificates.own_tag import TAG, own_tag_value
from constructs_lib.certificates.requested_certificate import ANSWER_TAKES
from constructs_lib.functions.function_settings import FunctionSettings, read_function_settings
from constructs_lib.guardrails.plugin import guard_certificates
from constructs_lib.wiring.certificate_facts import CertificateFacts, Renewal
from constructs_lib.wiring.given_resources import check_symmetric_keys
from constructs_lib.wiring.known_secret import known_arn, secret_in_records

if TYPE_CHECKING:
    from aws_cdk import aws_events as events
    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_lambda as lambda_
    from aws_cdk import aws_secretsmanager as secretsmanager
    from constructs import Construct

    from constructs_lib.certificates.import_checks import ImportChecks
    from constructs_lib.wiring.certificate_targets import Target

_TYPE = "Custom::ImportedCertificate"
_LEAST_DAYS = cdk.Duration.days(7)


class ImportedCertificate(CertificateResource):
    """A certificate that another authority issued, in ACM by way of a secret.

    Whoever gets the certificate puts it into a secret, as JSON with `certificate`, `private_key` and
    `certificate_chain`, each in PEM, and `passphrase` if the key is encrypted. A function reads that secret and nothing
    else, checks key, chain, dates, names and algorithms, and imports what passes, always into the same ARN: what serves
    the certificate serves the new one without a deployment. What does not pass is refused with the reason, in the log,
    as a metric, and at a deployment as its failure; the certificate in service stays.

    The first deployment imports, so the secret must have its value before: deploy the secret in a stack of its own, let
    a writer put the value, then deploy this. Otherwise the deployment fails, says who must put what, and can be
    repeated. Calls that change the secret are seen where a trail records management events in this Region; a schedule
    imports twice a day anyway. ACM keeps type and size of the key: a certificate with another one needs another
    construct, which has another ARN. With this construct ACM's certificate goes, unless something uses it, which fails
    the deletion. Of one that somebody deleted by hand IAM sees no tag, by which the function may delete it: then let
    CloudFormation retain it.

    Who may invoke the function cannot make it check less: all that it demands stands in its configuration. `cdk.Tags`
    do not reach ACM's certificate: the function may set its own tag and no other.
    https://docs.aws.amazon.com/acm/latest/userguide/import-certificate.html

    Attributes:
        function: The function that imports.
        role: Its role.
        rules: What makes it import again.

    Examples:
        >>> from aws_cdk import aws_kms as kms
        >>> from constructs_lib import EncryptionKey, ManagedSecret, Supplied
        >>> app = cdk.App(context={"aws:cdk:bundling-stacks": []})
        >>> first, stack = cdk.Stack(app, "Vault"), cdk.Stack(app, "Shop")
        >>> key = EncryptionKey(first, "Key", alias="shop", services=["secretsmanager"])
        >>> secret = ManagedSecret(first, "Secret", encryption_key=key, content=Supplied.certificate())
        >>> certificate = ImportedCertificate(
        ...     stack,
        ...     "Certificate",
        ...     secret=secret,
        ...     domain_names=["shop.example.com"],
        ...     operations_key=kms.Key(stack, "LogKey"),
        ... )
        >>> certificate.certificate_facts.domain_names
        ('shop.example.com',)
    """

    function: "lambda_.Function"
    role: "iam.Role"
    rules: "Sequence[events.CfnRule]"

    def __init__(
        self,
        scope: "Construct",
        construct_id: str,
        *,
        secret: "secretsmanager.ISecret",
        domain_names: Sequence[str],
        operations_key: "kms.IKey",
        targets: "Sequence[Target]" = (),
        trust_anchors: Sequence[str] = (),
        least_days_left: cdk.Duration = _LEAST_DAYS,
        **settings: Unpack[FunctionSettings],
    ) -> None:
        """Define the certificate, the function that imports it, and when it does so again.

        Another secret, or other demands, are met by the certificate of that moment before they are accepted, and the
        ARN stays.

        Args:
            scope: The construct that owns them, in the Region where the certificate serves.
            construct_id: Name within `scope`.
            secret: What holds it, of this account and Region: best a `ManagedSecret` with `Supplied.certificate()`.
                An imported one is known by its full ARN.
            domain_names: What every certificate must cover, wildcards as ACM takes them. The first names it to people.
            operations_key: The key of the function's log.
            targets: What will serve it, for which keys of other algorithms are refused. Default: whatever takes it.
            trust_anchors: Root certificates in PEM, to one of which the chain must lead. Default: to any root, or to
                one that the chain does not hold.
            least_days_left: How long a new certificate must still be valid. Default: 7 days.
            **settings: How the function runs: `FunctionSettings`. Default: 512 MB and 180 seconds.

        Raises:
            ConfigurationError: If a value is none, the secret is elsewhere, not known by its full ARN, or has other
                fields, or the targets take certificates of another Region, or none in common.
        """
        read = read_function_settings(settings)
        checks = read_import_checks(
            domain_names=domain_names, targets=targets, trust_anchors=trust_anchors, least_days_left=least_days_left
        )
        stack = cdk.Stack.of(scope)
        check_region_of_targets(stack, targets)
        check_source(scope, secret)
        check_symmetric_keys({"operations_key": operations_key})
        guard_certificates(scope)
        super().__init__(scope, construct_id)
        importing = ImportFunction(
            self,
            "Import",
            checks=checks,
            secret_arn=known_arn(secret),
            tag_value=own_tag_value(self),
            operations_key=operations_key,
            settings=read,
        )
        self.function, self.role = importing.function, importing.role
        self._resource = self._import_first(importing, checks, secret)
        self._facts = CertificateFacts(
            domain_names=checks.domain_names,
            key_algorithm=checks.only_algorithm,
            renewal=Renewal.FROM_SECRET,
            region=None if cdk.Token.is_unresolved(stack.region) else stack.region,
            importer=self.function,
        )
        again = importing.allow_again(self.certificate_arn)
        self.rules = import_on_change(
            self, self.function, secret=secret_in_records(secret), certificate_arn=self.certificate_arn
        )
        for rule in self.rules:
            rule.node.add_dependency(again)
        announce_source(self, secret, self.role)

    def _import_first(
        self, importing: ImportFunction, checks: "ImportChecks", secret: "secretsmanager.ISecret"
    ) -> cdk.CfnResource:
        resource = cdk.CfnResource(
            self,
            "Resource",
            type=_TYPE,
            properties={
                "ServiceToken": importing.function.function_arn,
                "ServiceTimeout": importing.timeout.plus(ANSWER_TAKES).to_seconds(),
                "Tags": [{"Key": TAG, "Value": own_tag_value(self)}],
                "Checks": checks.told(known_arn(secret)),
            },
        )
        secret.grant_read(importing.role).apply_before(resource)
        # A function that reads before the secret's own policy and key name it would be refused.
        resource.node.add_dependency(importing.allowed_first, importing.role, secret)
        let_other_stacks_refer(resource)
        return resource
