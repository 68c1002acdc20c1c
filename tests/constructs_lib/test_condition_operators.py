import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_iam as iam

from constructs_lib import ConfigurationError, EncryptionKey, ExistingKey
from constructs_lib.condition_operators import check_condition_key, check_operator

READER = "arn:aws:iam::111122223333:role/Reader"


@pytest.mark.parametrize("operator", ["StringEquals", "ArnNotLike", "NotIpAddress", "Bool", "NumericLessThanEquals"])
@pytest.mark.parametrize("before", ["", "ForAllValues:", "ForAnyValue:"])
@pytest.mark.parametrize("behind", ["", "IfExists"])
def test_an_operator_of_iam_passes(operator: str, before: str, behind: str) -> None:
    check_operator(f"{before}{operator}{behind}")
    check_operator("Null")


@pytest.mark.parametrize(
    ("operator", "meant"),
    [
        ("StringEqual", " (did you mean StringEquals?)"),
        ("stringequals", " (did you mean StringEquals?)"),
        ("ForEveryValue:StringEquals", " (did you mean StringEquals?)"),
        ("ForAnyValue:ForAnyValue:StringLike", ""),
        ("StringLikeIfExistsIfExists", " (did you mean StringLike?)"),
        ("ArnEqualsIgnoreCase", " (did you mean StringEqualsIgnoreCase?)"),
        ("NullIfExists", " (did you mean Null?)"),
        ("ForAnyValue:Null", " (did you mean Null?)"),
        ("", ""),
    ],
)
def test_refuses_an_operator_that_iam_does_not_know(operator: str, meant: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        check_operator(operator)
    said = str(refused.value)
    assert said.startswith(f"conditions must have operators of IAM such as StringEquals, got {operator}")
    assert said.endswith(meant)


@pytest.mark.parametrize(
    "key",
    [
        "kms:ViaService",
        "KMS:viaservice",
        "kms:EncryptionContext:aws:s3:arn",
        "kms:EncryptionContextKeys",
        "kms:RecipientAttestation:ImageSha384",
        "kms:RecipientAttestation:PCR31",
        "kms:RecipientAttestation:NitroTPMPCR7",
        "aws:PrincipalArn",
        "token.actions.githubusercontent.com:sub",
    ],
)
def test_a_condition_key_of_kms_or_of_somebody_else_passes(key: str) -> None:
    check_condition_key(key)


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("kms:ViaServce", " (did you mean kms:ViaService?)"),
        ("kms:CallerAcount", " (did you mean kms:CallerAccount?)"),
        ("kms:EncryptionContext", " (did you mean kms:EncryptionContextKeys?)"),
        ("kms:GrantIsForAWSResources", " (did you mean kms:GrantIsForAWSResource?)"),
        ("kms:RecipientAttestation:PCR", ""),
        ("kms:X", ""),
    ],
)
def test_refuses_a_condition_key_that_kms_does_not_have(key: str, meant: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        check_condition_key(key)
    assert str(refused.value) == f"conditions must have condition keys that KMS has, got {key}{meant}"


@pytest.mark.parametrize(
    ("conditions", "got"),
    [
        ({"StringEqual": {"aws:PrincipalOrgID": "o-12345abcde"}}, "StringEqual "),
        ({"StringEquals": {"kms:ViaServce": "s3.eu-west-1.amazonaws.com"}}, "kms:ViaServce "),
    ],
    ids=["operator", "key"],
)
@pytest.mark.parametrize("effect", [iam.Effect.ALLOW, iam.Effect.DENY])
def test_refuses_them_in_a_statement_for_any_key(
    conditions: dict[str, dict[str, str]], got: str, effect: iam.Effect
) -> None:
    stack = Stack(App(), "S")
    statement = iam.PolicyStatement(
        effect=effect,
        actions=["kms:Decrypt"],
        resources=["*"],
        principals=[iam.ArnPrincipal(READER)],
        conditions=conditions,
    )
    for key in (EncryptionKey(stack, "Own"), ExistingKey.from_alias(stack, "Existing", alias="orders")):
        with pytest.raises(ConfigurationError, match=f"got {got}.*did you mean"):
            key.add_to_resource_policy(statement)
