import pytest

from certificate_care.certificate_arn import is_certificate_arn, read_certificate_arn
from certificate_care.errors import InvalidEvent

ARN = "arn:aws:acm:eu-central-1:111122223333:certificate/12345678-1234-1234-1234-123456789012"


@pytest.mark.parametrize("arn", [ARN, ARN.replace("aws", "aws-cn"), ARN.replace("aws", "aws-us-gov")])
def test_an_arn_of_a_certificate_is_read(arn: str) -> None:
    assert is_certificate_arn(arn)
    assert read_certificate_arn("CertificateArn", arn) == arn


@pytest.mark.parametrize(
    ("found", "got"),
    [
        (f"{ARN}\n", f"{ARN[:64]!r}"),
        (ARN.replace(":acm:", ":iam:"), "'arn:aws:iam:"),
        (f"{ARN}/x", f"{ARN[:64]!r}"),
        (ARN.replace("111122223333", "*"), "'arn:aws:acm:eu-central-1:*:"),
        ("", "''"),
        (None, "NoneType"),
        ([ARN], "list"),
    ],
    ids=["line", "service", "path", "account", "empty", "none", "list"],
)
def test_refuses_what_is_none(found: object, got: str) -> None:
    assert not is_certificate_arn(found)
    with pytest.raises(InvalidEvent) as refused:
        read_certificate_arn("CertificateArn", found)

    assert str(refused.value).startswith(f"CertificateArn must be the ARN of a certificate in ACM, got {got}")
