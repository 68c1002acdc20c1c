from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from cryptography.x509.oid import ExtendedKeyUsageOID

from local_aws import LocalAws
from tests.support.made_certificates import PKCS1_OR_SEC1, Made, Template, key_of, made

pytestmark = pytest.mark.deploy

Leaf = Callable[..., dict[str, str]]
TOO_LONG = (
    "1 validation error detected: Value at 'certificate' failed to satisfy constraint: "
    "Member must have length less than or equal to 32768"
)
SERVER, CLIENT = ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH


def refused(acm: Any, request: Mapping[str, Any]) -> str:
    """Import what ACM refuses, and return its text."""
    with pytest.raises(ClientError) as caught:
        acm.import_certificate(**request)
    assert caught.value.response["Error"]["Code"] == "ValidationException"
    return str(caught.value.response["Error"]["Message"])


@pytest.mark.parametrize(("kind", "algorithm"), [("P-384", "EC_secp384r1"), ("RSA-2048", "RSA_2048")])
def test_an_imported_certificate_is_described_by_what_it_says(
    acm: Any, make_leaf: Leaf, kind: str, algorithm: str
) -> None:
    files = make_leaf("www.example.com", "example.com", key=kind, purposes=(SERVER, CLIENT))
    tags = [{"Key": "Team", "Value": "web"}]

    arn = acm.import_certificate(**files, Tags=tags)["CertificateArn"]
    found = acm.describe_certificate(CertificateArn=arn)["Certificate"]
    answer = acm.get_certificate(CertificateArn=arn)

    assert (found["Type"], found["Status"], found["KeyAlgorithm"]) == ("IMPORTED", "ISSUED", algorithm)
    assert found["SubjectAlternativeNames"] == ["www.example.com", "example.com"]
    assert found["Issuer"] == "CN=Intermediate"
    assert [each["Name"] for each in found["ExtendedKeyUsages"]] == [
        "TLS_WEB_SERVER_AUTHENTICATION", "TLS_WEB_CLIENT_AUTHENTICATION",
    ]  # fmt: skip
    assert timedelta(days=29) < found["NotAfter"] - datetime.now(UTC) < timedelta(days=31)
    assert (answer["Certificate"], answer["CertificateChain"]) == (files["Certificate"], files["CertificateChain"])
    assert acm.list_tags_for_certificate(CertificateArn=arn)["Tags"] == tags


def test_a_key_of_any_pem_form_and_a_chain_without_its_root_are_taken(
    acm: Any, make_leaf: Leaf, chain: tuple[Made, Made]
) -> None:
    now = datetime.now(UTC)
    leaf = made(Template.leaf("a.example.com", not_before=now, not_after=now + timedelta(days=2)), by=chain[0])
    alone = made(Template.leaf("b.example.com", not_before=now, not_after=now + timedelta(days=2)))

    acm.import_certificate(
        Certificate=leaf.pem, PrivateKey=leaf.key_pem(form=PKCS1_OR_SEC1), CertificateChain=chain[0].pem
    )
    acm.import_certificate(Certificate=alone.pem, PrivateKey=alone.key_pem())

    assert "not a valid self signed" in refused(
        acm, {name: make_leaf()[name] for name in ("Certificate", "PrivateKey")}
    )


def test_refuses_files_that_do_not_fit_with_acms_texts(acm: Any, make_leaf: Leaf, chain: tuple[Made, Made]) -> None:
    good, (intermediate, root) = make_leaf(), chain
    own_key = key_of("P-256")
    encrypted = Made(intermediate.certificate, own_key).key_pem(passphrase="passphrase")
    other_key = Made(intermediate.certificate, key_of("P-384")).key_pem()

    texts = [
        refused(acm, {**good, **changed})
        for changed in (
            {"Certificate": "x"},
            {"Certificate": good["Certificate"] + intermediate.pem},
            {"Certificate": good["Certificate"] + " " * 32_768},
            {"PrivateKey": encrypted},
            {"PrivateKey": other_key},
            {"CertificateChain": root.pem},
            {"CertificateChain": root.pem + intermediate.pem},
            {"CertificateChain": intermediate.pem + good["Certificate"]},
            {"CertificateChain": good["Certificate"] + intermediate.pem},
            {"CertificateChain": intermediate.pem + "more"},
        )
    ]

    assert [each.partition(".")[0] for each in texts] == [
        "Unable to parse certificate",
        "The certificate field contains more than one certificate",
        TOO_LONG,
        "The private key is not supported",
        "The private key does not match the certificate",
        "Could not validate the certificate with the certificate chain",
        "Could not validate the certificate with the certificate chain",
        "Unable to validate certificate chain",
        "Unable to validate certificate chain",
        "The certificate chain provided is not in a valid PEM format",
    ]
    assert [each[-1] for each in texts[7:9]] == ["1", "0"]


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        (
            {"not_after": datetime(2020, 1, 2, tzinfo=UTC), "not_before": datetime(2020, 1, 1, tzinfo=UTC)},
            "has expired",
        ),
        (
            {"not_after": datetime(2120, 1, 2, tzinfo=UTC), "not_before": datetime(2120, 1, 1, tzinfo=UTC)},
            "not valid yet",
        ),
        ({"key": "Ed25519"}, "The private key is not supported."),
        ({"key": "secp256k1"}, "The private key length 256 is not supported for key algorithm."),
    ],
    ids=["expired", "not valid yet", "Ed25519", "secp256k1"],
)
def test_refuses_dates_and_keys(acm: Any, make_leaf: Leaf, changed: dict[str, Any], text: str) -> None:
    assert text in refused(acm, make_leaf(**changed))


def test_a_second_import_keeps_the_arn_and_the_tags(acm: Any, make_leaf: Leaf) -> None:
    tags = [{"Key": "Team", "Value": "web"}]
    arn = acm.import_certificate(**make_leaf("a.example.com"), Tags=tags)["CertificateArn"]
    renewed = make_leaf("b.example.com")

    assert acm.import_certificate(**renewed, CertificateArn=arn)["CertificateArn"] == arn

    assert acm.get_certificate(CertificateArn=arn)["Certificate"] == renewed["Certificate"]
    assert acm.describe_certificate(CertificateArn=arn)["Certificate"]["DomainName"] == "b.example.com"
    assert acm.list_tags_for_certificate(CertificateArn=arn)["Tags"] == tags


def test_refuses_a_second_import_that_changes_more_than_it_may_and_keeps_the_first(acm: Any, make_leaf: Leaf) -> None:
    first = make_leaf(purposes=(SERVER, CLIENT), usages=("digital_signature", "key_encipherment"))
    arn = acm.import_certificate(**first)["CertificateArn"]
    asked = acm.request_certificate(DomainName="example.com")["CertificateArn"]

    texts = [
        refused(acm, {**make_leaf(**changed), "CertificateArn": arn, **further})
        for changed, further in (
            ({}, {"Tags": [{"Key": "Team", "Value": "web"}]}),
            ({"key": "P-384"}, {}),
            ({"purposes": (CLIENT,)}, {}),
            ({"usages": ("key_encipherment",)}, {}),
            ({}, {"CertificateArn": asked}),
        )
    ]

    assert [each.partition(":")[0].partition(" re-import")[0] for each in texts] == [
        "Tagging is not permitted on",
        "The key type and size cannot be changed on",
        "ExtendedKeyUsages cannot be removed on",
        "KeyUsages cannot be removed on",
        "Certificate arn",
    ]
    assert acm.get_certificate(CertificateArn=arn)["Certificate"] == first["Certificate"]
    # A server's certificate may lose these two.
    acm.import_certificate(**make_leaf(), CertificateArn=arn)


def test_refuses_to_import_over_what_is_not_there(acm: Any, make_leaf: Leaf) -> None:
    arn = acm.import_certificate(**make_leaf())["CertificateArn"]
    acm.delete_certificate(CertificateArn=arn)

    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        acm.import_certificate(**make_leaf(), CertificateArn=arn)


def test_the_record_of_an_import_holds_no_key(aws: LocalAws, acm: Any, make_leaf: Leaf) -> None:
    files = make_leaf("recorded.example.com")
    arn = acm.import_certificate(**files)["CertificateArn"]

    (call,) = (
        each
        for each in aws
        .session()
        .client("cloudtrail")
        .lookup_events(LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "ImportCertificate"}])[
            "Events"
        ]
        if arn in each["CloudTrailEvent"]
    )

    assert "PRIVATE KEY" not in call["CloudTrailEvent"]
    assert files["PrivateKey"].splitlines()[1] not in call["CloudTrailEvent"]
