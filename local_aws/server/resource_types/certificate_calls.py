"""What CloudFormation's handler of certificates says to ACM."""

from collections.abc import Mapping
from typing import Any

from local_aws.server.certificates.condition_keys import request_keys, tag_keys

_SAME_NAME = ("DomainName", "SubjectAlternativeNames", "KeyAlgorithm", "ValidationMethod", "Tags")
_OPTIONS = {
    "CertificateTransparencyLoggingPreference": "CertificateTransparencyLoggingPreference",
    "CertificateExport": "Export",
}
_WITH_TAGS = ("acm:RequestCertificate", "acm:AddTagsToCertificate")
_Properties = Mapping[str, Any]


def options(properties: _Properties) -> dict[str, str]:
    """Return the options of a certificate that a template sets."""
    return {option: str(properties[name]) for name, option in _OPTIONS.items() if name in properties}


def request(properties: _Properties) -> dict[str, Any]:
    """Return the parameters of RequestCertificate."""
    found = {name: properties[name] for name in _SAME_NAME if name in properties}
    domains = [
        {"DomainName": each["DomainName"], "ValidationDomain": each["ValidationDomain"]}
        for each in properties.get("DomainValidationOptions", ())
        if "ValidationDomain" in each
    ]
    return found | {"Options": options(properties)} | ({"DomainValidationOptions": domains} if domains else {})


def context(action: str, resource: str, properties: _Properties) -> dict[str, Any]:
    """Compute the condition keys of a handler's call.

    Args:
        action: An IAM action of ACM.
        resource: The ARN that it is about.
        properties: Those of the template.
    """
    found = tag_keys(resource)
    if action == "acm:RequestCertificate":
        found |= request_keys("RequestCertificate", request(properties))
    tags = properties.get("Tags") or ()
    if action in _WITH_TAGS and tags:
        found |= {f"aws:RequestTag/{each['Key']}": each["Value"] for each in tags}
        found["aws:TagKeys"] = [each["Key"] for each in tags]
    return found
