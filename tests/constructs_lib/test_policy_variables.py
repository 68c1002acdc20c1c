import pytest

from constructs_lib.policy_variables import are_literal, holds_variable


@pytest.mark.parametrize(
    "text",
    [
        "${aws:PrincipalAccount}",
        "${AWS:PrincipalAccount}",
        "${kms:calleraccount}",
        "${accounts.google.com:aud}",
        "${oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE:aud}",
        "team-${aws:PrincipalTag/team, 'none'}-key",
        "${*}",
        "${?}",
        "${$}",
    ],
)
def test_what_the_request_says_is_a_variable(text: str) -> None:
    assert holds_variable(text)
    assert not are_literal(["111122223333", text])


@pytest.mark.parametrize(
    "text",
    [
        "111122223333",
        "${AWS::AccountId}",
        "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/Reader",
        "${S/Role/Resource.Arn}",
        "${" + 64 * "0" + "}",
    ],
)
def test_what_the_deployment_knows_is_none(text: str) -> None:
    assert not holds_variable(text)
    assert are_literal([text])


@pytest.mark.parametrize("text", ["*", "1111????????", "arn:aws:iam::111122223333:role/*"])
def test_a_pattern_is_not_literal(text: str) -> None:
    assert not holds_variable(text)
    assert not are_literal([text])
