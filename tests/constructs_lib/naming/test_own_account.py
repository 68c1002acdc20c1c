from collections.abc import Callable

import aws_cdk as cdk
import pytest

from constructs_lib.naming.own_account import own_account
from constructs_lib.naming.token_text import TokenText

MakeApp = Callable[..., cdk.App]


@pytest.mark.parametrize(
    ("environment", "account"),
    [
        (cdk.Environment(account="111122223333", region="eu-west-1"), "arn:aws:iam::111122223333:root"),
        (cdk.Environment(account="111122223333", region="cn-north-1"), "arn:aws-cn:iam::111122223333:root"),
        (cdk.Environment(account="111122223333"), "arn:${AWS::Partition}:iam::111122223333:root"),
        (None, "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"),
    ],
    ids=["known", "China", "account only", "agnostic"],
)
def test_an_account_is_what_is_known_of_it(
    environment: cdk.Environment | None, account: str, make_app: MakeApp
) -> None:
    stack = cdk.Stack(make_app(), "S", env=environment)

    for text in (TokenText(stack), TokenText(stack)):
        assert own_account(stack, text) == account
        assert "${AWS" not in str(text.with_tokens(account))


def test_each_stack_has_its_own(make_app: MakeApp) -> None:
    app = make_app()
    stacks = [
        cdk.Stack(app, name, env=cdk.Environment(account=name[1:])) for name in ("S111122223333", "S444455556666")
    ]

    assert [own_account(stack, TokenText(stack))[-17:-5] for stack in stacks] == ["111122223333", "444455556666"]
