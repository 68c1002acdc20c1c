import re
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from cryptography import x509

pytestmark = pytest.mark.deploy

Describe = Callable[[str], Mapping[str, Any]]
ECDSA = {"ValidationMethod": "DNS", "KeyAlgorithm": "EC_prime256v1"}


def test_a_requested_certificate_waits_for_the_one_record_of_a_name_and_its_wildcard(
    acm: Any, describe: Describe, name: str
) -> None:
    tags = [{"Key": "Team", "Value": "web"}]

    arn = acm.request_certificate(DomainName=f"*.{name}", SubjectAlternativeNames=[name], Tags=tags, **ECDSA)
    again = acm.request_certificate(DomainName=name, **ECDSA)["CertificateArn"]
    found, other = describe(arn["CertificateArn"]), describe(again)

    assert (found["Status"], found["Type"], found["KeyAlgorithm"]) == (
        "PENDING_VALIDATION", "AMAZON_ISSUED", "EC_prime256v1",
    )  # fmt: skip
    assert (found["DomainName"], found["SubjectAlternativeNames"]) == (f"*.{name}", [f"*.{name}", name])
    assert "NotAfter" not in found
    records = [
        each["ResourceRecord"] for each in (*found["DomainValidationOptions"], *other["DomainValidationOptions"])
    ]
    assert records[0] == records[1] == records[2]
    assert re.fullmatch(rf"_[0-9a-f]{{32}}\.{re.escape(name)}\.", records[0]["Name"])
    assert re.fullmatch(r"_[0-9a-f]{32}\.[a-z]{10}\.acm-validations\.aws\.", records[0]["Value"])
    assert acm.list_tags_for_certificate(CertificateArn=arn["CertificateArn"])["Tags"] == tags


def test_a_certificate_is_issued_for_198_days_once_all_its_records_stand(
    acm: Any, describe: Describe, name: str, make_zone: Callable[..., str], put_record: Callable[..., None]
) -> None:
    zone, names = make_zone(name), [name, f"www.{name}"]
    arn = acm.request_certificate(DomainName=name, SubjectAlternativeNames=names, **ECDSA)["CertificateArn"]
    first, second = (each["ResourceRecord"] for each in describe(arn)["DomainValidationOptions"])

    put_record(zone, first["Name"], first["Value"])
    half = describe(arn)
    put_record(zone, second["Name"], first["Value"])
    wrong = describe(arn)
    with pytest.raises(ClientError, match="RequestInProgressException"):
        acm.get_certificate(CertificateArn=arn)
    put_record(zone, second["Name"], second["Value"])
    issued = describe(arn)

    assert [each["ValidationStatus"] for each in half["DomainValidationOptions"]] == ["SUCCESS", "PENDING_VALIDATION"]
    assert (half["Status"], wrong["Status"], issued["Status"]) == ("PENDING_VALIDATION", "PENDING_VALIDATION", "ISSUED")
    assert issued["NotAfter"] - issued["NotBefore"] == timedelta(days=198, seconds=-1)
    assert issued["NotBefore"].timestamp() <= time.time() <= issued["NotAfter"].timestamp()
    found = x509.load_pem_x509_certificate(acm.get_certificate(CertificateArn=arn)["Certificate"].encode())
    alternative = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert alternative.get_values_for_type(x509.DNSName) == names
    assert found.serial_number == int(issued["Serial"].replace(":", ""), 16)


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ('0 issue "letsencrypt.org"', "FAILED CAA_ERROR"),
        ('0 issue "amazontrust.com"', "ISSUED"),
        ('0 issue ";"', "FAILED CAA_ERROR"),
        ('0 iodef "mailto:somebody@example.com"', "ISSUED"),
        ('0 issuewild ";"', "ISSUED"),
    ],
)
def test_the_caa_records_above_a_name_decide_whether_amazon_issues(
    describe: Describe, in_new_zone: Callable[..., str], record: str, expected: str
) -> None:
    arn = in_new_zone("www", caa=record)

    found = describe(arn)

    assert " ".join([found["Status"], *([found["FailureReason"]] if "FailureReason" in found else [])]) == expected


def test_a_repeated_token_makes_no_second_certificate(acm: Any, name: str) -> None:
    first, same, other, tokenless = (
        acm.request_certificate(DomainName=domain, **ECDSA, **token)["CertificateArn"]
        for domain, token in (
            (name, {"IdempotencyToken": "once"}),
            (name, {"IdempotencyToken": "once"}),
            (f"b.{name}", {"IdempotencyToken": "once"}),
            (name, {}),
        )
    )

    assert first == same
    assert len({first, other, tokenless}) == 3


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"SubjectAlternativeNames": [f"n{each}.example.com" for each in range(10)]}, "LimitExceededException"),
        ({"SubjectAlternativeNames": ["a.*.example.com"]}, "ValidationException"),
        ({"DomainName": f"{'a' * 60}.example.com"}, "InvalidParameterException"),
        ({"KeyAlgorithm": "RSA_1024"}, "InvalidParameterException"),
        ({"Options": {"CertificateTransparencyLoggingPreference": "DISABLED"}}, "InvalidParameterException"),
        ({"Tags": [{"Key": "aws:cloudformation:stack-name", "Value": "Mine"}]}, "InvalidTagException"),
        (
            {"DomainValidationOptions": [{"DomainName": "example.com", "ValidationDomain": "example.org"}]},
            "InvalidDomainValidationOptionsException",
        ),
    ],
    ids=[
        "11 names",
        "inner wildcard",
        "long first name",
        "RSA 1024",
        "no transparency",
        "tag of AWS",
        "foreign mailbox",
    ],
)
def test_refuses_what_acm_refuses(acm: Any, changed: dict[str, Any], code: str) -> None:
    with pytest.raises(ClientError, match=code):
        acm.request_certificate(**{"DomainName": "example.com", **ECDSA, **changed})


def test_a_request_that_names_no_method_asks_by_e_mail(acm: Any, describe: Describe, name: str) -> None:
    found = describe(acm.request_certificate(DomainName=name)["CertificateArn"])["DomainValidationOptions"]

    assert [each["ValidationMethod"] for each in found] == ["EMAIL"]
    assert f"hostmaster@{name}" in found[0]["ValidationEmails"]
    assert "ResourceRecord" not in found[0]


def test_only_a_certificate_that_may_be_exported_is_exported(acm: Any, in_new_zone: Callable[..., str]) -> None:
    kept, exported = (in_new_zone("www", Options={"Export": each}) for each in ("DISABLED", "ENABLED"))

    answer = acm.export_certificate(CertificateArn=exported, Passphrase=b"passphrase")

    assert answer["PrivateKey"].startswith("-----BEGIN ENCRYPTED PRIVATE KEY-----")
    with pytest.raises(ClientError, match="not exportable"):
        acm.export_certificate(CertificateArn=kept, Passphrase=b"passphrase")


def test_a_list_without_a_filter_leaves_elliptic_curves_out(acm: Any, name: str) -> None:
    arns = {
        acm.request_certificate(DomainName=name, KeyAlgorithm=each)["CertificateArn"]
        for each in ("RSA_2048", "EC_prime256v1")
    }

    all_kinds = {"keyTypes": ["RSA_2048", "EC_prime256v1"]}
    listed, all_listed = (
        {
            each["CertificateArn"]: each["KeyAlgorithm"]
            for each in acm.list_certificates(**options)["CertificateSummaryList"]
        }
        for options in ({}, {"Includes": all_kinds})
    )

    assert arns <= all_listed.keys()
    assert [listed[each] for each in arns if each in listed] == ["RSA_2048"]
