"""What ACM tells of the extensions of a certificate, by ACM's names.

https://docs.aws.amazon.com/acm/latest/APIReference/API_KeyUsage.html
https://docs.aws.amazon.com/acm/latest/APIReference/API_ExtendedKeyUsage.html
"""

from cryptography import x509

_PURPOSES = {
    "1.3.6.1.5.5.7.3.1": "TLS_WEB_SERVER_AUTHENTICATION",
    "1.3.6.1.5.5.7.3.2": "TLS_WEB_CLIENT_AUTHENTICATION",
    "1.3.6.1.5.5.7.3.3": "CODE_SIGNING",
    "1.3.6.1.5.5.7.3.4": "EMAIL_PROTECTION",
    "1.3.6.1.5.5.7.3.8": "TIME_STAMPING",
    "1.3.6.1.5.5.7.3.9": "OCSP_SIGNING",
    "2.5.29.37.0": "ANY",
}
_USES = {
    "digital_signature": "DIGITAL_SIGNATURE",
    "content_commitment": "NON_REPUDIATION",
    "key_encipherment": "KEY_ENCIPHERMENT",
    "data_encipherment": "DATA_ENCIPHERMENT",
    "key_agreement": "KEY_AGREEMENT",
    "key_cert_sign": "CERTIFICATE_SIGNING",
    "crl_sign": "CRL_SIGNING",
}


def key_usages(certificate: x509.Certificate) -> list[str]:
    """Return the uses that the key usage extension names; none if there is no such extension."""
    try:
        found = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return []
    return [name for attribute, name in _USES.items() if getattr(found, attribute)]


def extended_key_usages(certificate: x509.Certificate) -> list[str]:
    """Return the purposes that the extended key usage extension names; none if there is no such extension."""
    try:
        found = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return []
    return [_PURPOSES.get(each.dotted_string, "CUSTOM") for each in found]
