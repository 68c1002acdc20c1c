"""What the rules about certificates find, as the CDK reports it.

Fatal is what fails in the deployment. The rest can be acknowledged, on the resource and with a reason.
"""

from collections.abc import Iterator

import aws_cdk as cdk

from constructs_lib.guardrails.certificate_properties import WrongProperty, opted_out, validated_by_mail, weak_keys
from constructs_lib.guardrails.certificates_of_another_account import certificates_of_another_account
from constructs_lib.guardrails.certificates_of_another_region import certificates_of_another_region
from constructs_lib.guardrails.cloud_templates import CloudTemplates
from constructs_lib.guardrails.names_in_texts import name_of
from constructs_lib.guardrails.plain_http import plain_http
from constructs_lib.guardrails.references import References
from constructs_lib.guardrails.served_certificates import Served, ServedCertificates
from constructs_lib.guardrails.tls_policies import OldTls, old_tls
from constructs_lib.guardrails.violation import Severity, violation

WEAK_KEY = "WeakCertificateKey"
OPT_OUT = "TransparencyOptOut"
BY_MAIL = "CertificateByEmail"
OLD_TLS = "OldTlsPolicy"
PLAIN_HTTP = "PlainHttpListener"
WRONG_REGION = "CertificateOfAnotherRegion"
WRONG_ACCOUNT = "CertificateOfAnotherAccount"
RULES = (WEAK_KEY, OPT_OUT, BY_MAIL, OLD_TLS, PLAIN_HTTP, WRONG_REGION, WRONG_ACCOUNT)


def certificates(templates: CloudTemplates) -> Iterator[cdk.PolicyViolation]:
    """Yield what is wrong with certificates and with how they are served.

    Args:
        templates: Of the app.
    """
    references = References(templates)
    served = ServedCertificates(references).served()
    for found in weak_keys(references):
        yield _of_certificate(WEAK_KEY, templates, found, Severity.FATAL)
    for found in opted_out(references):
        yield _of_certificate(OPT_OUT, templates, found, Severity.ERROR)
    for found in validated_by_mail(references):
        yield _of_certificate(BY_MAIL, templates, found, Severity.ERROR)
    for old in old_tls(references, served):
        said = f"{name_of(templates, old.place)} {_negotiates(old)}"
        yield violation(OLD_TLS, old.place, said, f"set {old.instead}", severity=Severity.ERROR)
    for plain in plain_http(references, served):
        said = f"{name_of(templates, plain.place)} {plain.what}"
        yield violation(PLAIN_HTTP, plain.place, said, plain.remedy, severity=Severity.ERROR)
    yield from _from_afar(references, served)


def _from_afar(references: References, served: list[Served]) -> Iterator[cdk.PolicyViolation]:
    templates = references.templates
    for far in certificates_of_another_region(references, served):
        which = name_of(templates, far.certificate) if far.certificate else far.arn
        said = f"{name_of(templates, far.place)} serves {which} of {far.region} and takes certificates of {far.wanted}"
        yield violation(WRONG_REGION, far.place, said, f"define the certificate in a stack of {far.wanted}")
    for other in certificates_of_another_account(references, served):
        which = name_of(templates, other.certificate) if other.certificate else other.arn
        said = (
            f"{name_of(templates, other.place)} of account {other.wanted} serves {which} of account {other.account}, "
            "and ACM shares no certificates"
        )
        remedy = f"define a certificate in a stack of account {other.wanted}"
        yield violation(WRONG_ACCOUNT, other.place, said, f"{remedy}; its validation records are of that account")


def _negotiates(old: OldTls) -> str:
    if not old.policy:
        return "names no TLS policy, and its service tells of none that it then has"
    how = ", the policy of what names none," if old.is_unsaid else ","
    return f"negotiates {old.policy}{how} which takes TLS older than 1.2"


def _of_certificate(
    rule: str, templates: CloudTemplates, found: WrongProperty, severity: Severity
) -> cdk.PolicyViolation:
    return violation(
        rule, found.place, f"{name_of(templates, found.place)} {found.what}", found.remedy, severity=severity
    )
