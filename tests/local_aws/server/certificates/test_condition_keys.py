from collections.abc import Callable, Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws import LocalAws
from local_aws.server.certificates.condition_keys import request_keys

TAGS = [{"Key": "Owner", "Value": "web"}]
REQUEST = {"DomainName": "a.example.com", "ValidationMethod": "DNS", "KeyAlgorithm": "EC_prime256v1", "Tags": TAGS}
Client = Callable[..., Any]


@pytest.fixture
def make_client(aws: LocalAws, make_role: Callable[..., str]) -> Client:
    """Make a client of ACM for a new role with these statements."""
    return lambda *statements: aws.session(aws.assume(make_role(*statements))).client("acm")


def allow(action: str, resource: str = "*", **conditions: Mapping[str, Any]) -> dict[str, Any]:
    """Return a statement."""
    condition = {name.replace("_", ":"): each for name, each in conditions.items()}
    return {"Effect": "Allow", "Action": f"acm:{action}", "Resource": resource, "Condition": condition}


def certificates(aws: LocalAws) -> str:
    """Return the pattern of all certificates."""
    return f"arn:aws:acm:{aws.region}:{aws.account}:certificate/*"


def test_a_request_has_the_keys_of_the_service_authorization_reference() -> None:
    request = {
        "DomainName": "A.example.com",
        "SubjectAlternativeNames": ["a.example.com", "b.example.com"],
        "KeyAlgorithm": "RSA_2048",
        "Options": {"Export": "ENABLED"},
    }

    assert request_keys("RequestCertificate", request) == {
        "acm:DomainNames": ["a.example.com", "b.example.com"],
        "acm:ValidationMethod": "EMAIL",
        "acm:CertificateTransparencyLogging": "ENABLED",
        "acm:Export": "ENABLED",
        "acm:KeyAlgorithm": "RSA_2048",
    }
    assert request_keys("ListCertificates", {}) == {}


@pytest.mark.deploy
@pytest.mark.parametrize(
    "changed",
    [
        {"SubjectAlternativeNames": ["b.example.com"]},
        {"KeyAlgorithm": "RSA_2048"},
        {"ValidationMethod": "EMAIL"},
        {"Tags": [{"Key": "Owner", "Value": "other"}]},
        {"Tags": [*TAGS, {"Key": "More", "Value": ""}]},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_refuses_a_request_of_another_name_algorithm_method_or_tag(
    aws: LocalAws, make_client: Client, changed: dict[str, Any]
) -> None:
    tagged = {"aws:RequestTag/Owner": "web"}
    keys = {"acm:KeyAlgorithm": "EC_prime256v1", "acm:ValidationMethod": "DNS", **tagged}
    names = {"acm:DomainNames": ["a.example.com"], "aws:TagKeys": ["Owner"]}
    there = {"acm:DomainNames": "false"}
    client = make_client(
        allow("RequestCertificate", StringEquals=keys, ForAllValues_StringEquals=names, Null=there),
        allow("AddTagsToCertificate", certificates(aws), StringEquals=tagged),
    )

    assert client.request_certificate(**REQUEST)["CertificateArn"]
    with pytest.raises(ClientError, match="AccessDenied"):
        client.request_certificate(**{**REQUEST, **changed})


@pytest.mark.deploy
def test_who_makes_a_certificate_with_tags_may_tag(
    make_client: Client, aws: LocalAws, make_leaf: Callable[..., dict[str, str]]
) -> None:
    making = [allow("RequestCertificate"), allow("ImportCertificate", certificates(aws))]
    client = make_client(*making)
    tagging = make_client(*making, allow("AddTagsToCertificate", certificates(aws)))

    assert client.request_certificate(DomainName="a.example.com")["CertificateArn"]
    assert client.import_certificate(**make_leaf())["CertificateArn"]
    assert tagging.request_certificate(**REQUEST)["CertificateArn"]
    assert tagging.import_certificate(**make_leaf(), Tags=TAGS)["CertificateArn"]
    for call, request in ((client.request_certificate, REQUEST), (client.import_certificate, make_leaf())):
        with pytest.raises(ClientError, match="not authorized to perform: acm:AddTagsToCertificate"):
            call(**{**request, "Tags": TAGS})


@pytest.mark.deploy
def test_a_first_import_needs_its_tag_and_a_second_one_the_very_certificate(
    acm: Any, aws: LocalAws, make_client: Client, make_leaf: Callable[..., dict[str, str]]
) -> None:
    tagged = {"aws:RequestTag/Owner": "web"}
    first = [
        allow(each, certificates(aws), StringEquals=tagged) for each in ("ImportCertificate", "AddTagsToCertificate")
    ]
    mine = make_client(*first).import_certificate(**make_leaf(), Tags=TAGS)["CertificateArn"]
    theirs = acm.import_certificate(**make_leaf())["CertificateArn"]
    client = make_client(*first, allow("ImportCertificate", mine))

    assert client.import_certificate(**make_leaf(), CertificateArn=mine)["CertificateArn"] == mine
    for request in ({"CertificateArn": theirs}, {"CertificateArn": theirs, "Tags": TAGS}, {}):
        with pytest.raises(ClientError) as caught:
            client.import_certificate(**make_leaf(), **request)
        # With the tag IAM lets it pass, and ACM takes no tags over a certificate that is there.
        expected = "ValidationException" if "Tags" in request else "AccessDeniedException"
        assert caught.value.response["Error"]["Code"] == expected


@pytest.mark.deploy
def test_the_tags_of_a_certificate_decide_who_may_describe_and_delete_it(
    acm: Any, aws: LocalAws, make_client: Client
) -> None:
    own = {"aws:ResourceTag/Owner": "web"}
    client = make_client(
        *(allow(each, certificates(aws), StringEquals=own) for each in ("DescribeCertificate", "DeleteCertificate"))
    )
    mine, theirs = (acm.request_certificate(DomainName="a.example.com", Tags=tags)["CertificateArn"]
                    for tags in (TAGS, [{"Key": "Owner", "Value": "other"}]))  # fmt: skip

    assert client.describe_certificate(CertificateArn=mine)["Certificate"]["CertificateArn"] == mine
    client.delete_certificate(CertificateArn=mine)
    for call in (client.describe_certificate, client.delete_certificate):
        with pytest.raises(ClientError, match="AccessDenied"):
            call(CertificateArn=theirs)
