from typing import Any

import pytest

from constructs_lib.execution_policy.resolved_references import resolving_permissions
from constructs_lib.execution_policy.template_arns import Place

PLACE = Place(region="eu-west-1", account="111122223333")
SECRET = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:orders"
PARAMETER = "arn:aws:ssm:eu-west-1:111122223333:parameter/orders/token"
KEYS = ("kms:Decrypt", "arn:aws:kms:eu-west-1:111122223333:key/*")


def _asked(value: object) -> list[tuple[str | None, ...]]:
    found = resolving_permissions({"Properties": [{"Value": value}]}, PLACE)
    return [(each.action, *each.resources, each.through) for each in found]


@pytest.mark.parametrize(
    ("said", "arn"),
    [
        ("orders", f"{SECRET}-??????"),
        ("orders:SecretString:password::", f"{SECRET}-??????"),
        (SECRET, f"{SECRET}-??????"),
        (f"{SECRET}-a1B2c3:SecretString:password:AWSCURRENT", f"{SECRET}-a1B2c3"),
    ],
    ids=["name", "field", "partial ARN", "whole ARN"],
)
def test_a_secret_from_elsewhere_is_read_and_decrypted_through_its_service(said: str, arn: str) -> None:
    assert _asked(f"token {{{{resolve:secretsmanager:{said}}}}}") == [
        ("secretsmanager:GetSecretValue", arn, None), (*KEYS, "secretsmanager"),
    ]  # fmt: skip


def test_a_secret_is_found_in_parts_put_together() -> None:
    place: list[Any] = ["arn:", {"Ref": "AWS::Partition"}, ":secretsmanager:", {"Ref": "AWS::Region"}]
    parts = ["{{resolve:secretsmanager:", *place, ":", {"Ref": "AWS::AccountId"}, ":secret:orders:SecretString}}"]

    assert _asked({"Fn::Join": ["", parts]})[0] == ("secretsmanager:GetSecretValue", f"{SECRET}-??????", None)


@pytest.mark.parametrize("name", ["/orders/token", "/orders/token:3"])
def test_a_parameter_is_read_and_a_secure_one_decrypted_too(name: str) -> None:
    plain, secure = _asked(f"{{{{resolve:ssm:{name}}}}}"), _asked(f"{{{{resolve:ssm-secure:{name}}}}}")

    assert plain == [("ssm:GetParameters", PARAMETER, None)]
    assert secure == [*plain, (*KEYS, "ssm")]


@pytest.mark.parametrize(
    "value",
    [{"Fn::Join": ["", ["{{resolve:secretsmanager:", {"Ref": "Secret"}, ":SecretString:::}}"]]}, "{{resolve:other:x}}"],
    ids=["of the template", "another service"],
)
def test_what_the_template_makes_itself_needs_nothing_more(value: object) -> None:
    assert _asked(value) == []
