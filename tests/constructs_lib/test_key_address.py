from collections.abc import Callable

import aws_cdk as cdk
import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructs_lib import ConfigurationError
from constructs_lib.key_address import KeyAddress

MakeApp = Callable[..., cdk.App]

IRELAND = cdk.Environment(account="111122223333", region="eu-west-1")
KEY_ID = "1234abcd-12ab-34cd-56ef-1234567890ab"
ARN = f"arn:aws:kms:eu-west-1:111122223333:key/{KEY_ID}"
REPLICA = "mrk-1234abcd12ab34cd56ef1234567890ab"


@pytest.fixture
def stack(make_app: MakeApp) -> cdk.Stack:
    return cdk.Stack(make_app(), "S", env=IRELAND)


@pytest.mark.parametrize(
    ("arn", "account", "region", "key_id"),
    [
        (ARN, "111122223333", "eu-west-1", KEY_ID),
        (f"arn:aws-cn:kms:cn-north-1:444455556666:key/{REPLICA}", "444455556666", "cn-north-1", REPLICA),
        (f"arn:aws-us-gov:kms:us-gov-west-1:444455556666:key/{KEY_ID}", "444455556666", "us-gov-west-1", KEY_ID),
    ],
)
def test_an_arn_says_where_the_key_is(arn: str, account: str, region: str, key_id: str, stack: cdk.Stack) -> None:
    assert KeyAddress.by_arn(stack, arn) == KeyAddress(
        arn=arn, key_id=key_id, account=account, region=region, resource=arn
    )


def test_parts_of_an_arn_may_be_tokens(make_app: MakeApp) -> None:
    stack = cdk.Stack(make_app(), "S")
    arn = f"arn:{stack.partition}:kms:{stack.region}:{stack.account}:key/{KEY_ID}"

    address = KeyAddress.by_arn(stack, arn)

    assert (address.account, address.region, address.key_id) == (stack.account, stack.region, KEY_ID)


def test_a_whole_arn_may_be_a_token(stack: cdk.Stack) -> None:
    arn = cdk.CfnParameter(stack, "KeyArn").value_as_string

    address = KeyAddress.by_arn(stack, arn)

    split = {"Fn::Split": [":", {"Ref": "KeyArn"}]}
    assert stack.resolve([address.account, address.region]) == [{"Fn::Select": [4, split]}, {"Fn::Select": [3, split]}]
    assert stack.resolve(address.key_id) == {"Fn::Select": [1, {"Fn::Split": ["/", {"Fn::Select": [5, split]}]}]}
    assert address.resource == arn


WRONG = [
    "",
    "orders",
    KEY_ID,
    "alias/orders",
    "arn:aws:s3:::orders",
    f"arn:aws:s3:eu-west-1:111122223333:key/{KEY_ID}",
    f"arn:aws:kms:eu-west-1:111122223333:{KEY_ID}",
    "arn:aws:kms:eu-west-1:111122223333:key/",
    "arn:aws:kms:eu-west-1:111122223333:key/*",
    "arn:aws:kms:eu-west-1:111122223333:key/orders",
    f"arn:aws:kms:*:111122223333:key/{KEY_ID}",
    f"arn:aws:kms::111122223333:key/{KEY_ID}",
    f"arn:aws:kms:eu-west-1::key/{KEY_ID}",
    f"arn:aws:kms:eu-west-1:11112222333:key/{KEY_ID}",
    f"arn:azure:kms:eu-west-1:111122223333:key/{KEY_ID}",
    f"{ARN}/more",
    f"{ARN} ",
]


@pytest.mark.parametrize("arn", WRONG)
def test_refuses_what_is_no_arn_of_a_key(arn: str, stack: cdk.Stack) -> None:
    with pytest.raises(ConfigurationError) as refused:
        KeyAddress.by_arn(stack, arn)
    assert str(refused.value) == f"key_arn must be arn:partition:kms:region:account:key/id, got {arn!r}"


def test_refuses_the_arn_of_an_alias_and_says_what_takes_one(stack: cdk.Stack) -> None:
    with pytest.raises(ConfigurationError, match=r":alias/orders'; import an alias by from_alias$"):
        KeyAddress.by_arn(stack, "arn:aws:kms:eu-west-1:111122223333:alias/orders")


def test_refuses_what_is_no_text(stack: cdk.Stack) -> None:
    with pytest.raises(ConfigurationError, match=r"^key_arn must be arn:.*, got int$"):
        KeyAddress.by_arn(stack, 7)  # type: ignore[arg-type]


_STACK = cdk.Stack(cdk.App(analytics_reporting=False), "S", env=IRELAND)


@given(
    st.text(max_size=60) | st.builds(lambda rest: f"arn:aws:kms:{rest}", st.text(alphabet="az09:-/{}$", max_size=40))
)
def test_refuses_any_other_text_by_the_name_of_the_argument(text: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^key_arn must be "):
        KeyAddress.by_arn(_STACK, text)


@given(
    st.sampled_from(["aws", "aws-cn", "aws-us-gov"]),
    st.sampled_from(["eu-west-1", "cn-north-1", "us-gov-west-1", "ap-southeast-5"]),
    st.from_regex(r"[0-9]{12}", fullmatch=True),
    st.uuids().map(str) | st.uuids().map(lambda uuid: f"mrk-{uuid.hex}"),
)
def test_every_arn_of_a_key_is_taken(partition: str, region: str, account: str, key_id: str) -> None:
    address = KeyAddress.by_arn(_STACK, f"arn:{partition}:kms:{region}:{account}:key/{key_id}")

    assert (address.region, address.account, address.key_id) == (region, account, key_id)


@pytest.mark.parametrize("alias", ["orders", "alias/orders"])
def test_an_alias_means_every_key_that_has_it(alias: str, stack: cdk.Stack) -> None:
    assert KeyAddress.by_alias(stack, alias) == KeyAddress(
        arn=f"arn:{stack.partition}:kms:eu-west-1:111122223333:alias/orders",
        key_id="alias/orders",
        account="111122223333",
        region="eu-west-1",
        resource=f"arn:{stack.partition}:kms:eu-west-1:111122223333:key/*",
        conditions={"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/orders"}},
        alias="alias/orders",
    )


@pytest.mark.parametrize(
    ("alias", "managed"), [("aws/s3", True), ("alias/aws/sns", True), ("orders", False), ("team/aws/x", False)]
)
def test_keys_that_aws_manages_are_known_by_their_alias(alias: str, *, managed: bool, stack: cdk.Stack) -> None:
    assert KeyAddress.by_alias(stack, alias).is_managed_by_aws is managed


@pytest.mark.parametrize(
    "alias", ["", "alias/", "AWS/s3", "aws/", "aws/aws/s3", "with space", "alias/alias/x", "x" * 251]
)
def test_refuses_an_alias_that_kms_does_not_have(alias: str, stack: cdk.Stack) -> None:
    with pytest.raises(ConfigurationError, match=r"^alias must be 1 to 250 letters"):
        KeyAddress.by_alias(stack, alias)


def test_a_lookup_gives_the_key_that_the_context_remembers(make_app: MakeApp) -> None:
    remembered = {"key-provider:account=111122223333:aliasName=alias/orders:region=eu-west-1": {"keyId": KEY_ID}}
    stack = cdk.Stack(make_app(**remembered), "S", env=IRELAND)

    address = KeyAddress.looked_up(stack, "orders", missing="missing")

    assert address == KeyAddress(
        arn=ARN.replace("arn:aws:", f"arn:{stack.partition}:"),
        key_id=KEY_ID,
        account="111122223333",
        region="eu-west-1",
        resource=ARN.replace("arn:aws:", f"arn:{stack.partition}:"),
        alias="alias/orders",
    )


def test_a_lookup_gives_a_place_holder_until_the_cli_has_looked(stack: cdk.Stack) -> None:
    assert KeyAddress.looked_up(stack, "orders", missing="missing").key_id == "missing"


def test_refuses_to_look_up_what_is_not_literal(stack: cdk.Stack, make_app: MakeApp) -> None:
    token = cdk.CfnParameter(stack, "Alias").value_as_string
    with pytest.raises(ConfigurationError, match=r"^alias must be literal to be looked up, got "):
        KeyAddress.looked_up(stack, token, missing="missing")
    anywhere = cdk.Stack(make_app(), "Anywhere")
    with pytest.raises(ConfigurationError, match=r"whose env names account and Region, got Anywhere$"):
        KeyAddress.looked_up(anywhere, "orders", missing="missing")


@pytest.mark.parametrize(
    ("arn", "another_account", "another_region"),
    [
        (ARN, False, False),
        (ARN.replace("1111", "4444"), True, False),
        (ARN.replace("eu-west-1", "us-east-1"), False, True),
    ],
)
def test_an_address_knows_what_is_beside_it(
    arn: str, *, another_account: bool, another_region: bool, stack: cdk.Stack, make_app: MakeApp
) -> None:
    address, anywhere = KeyAddress.by_arn(stack, arn), cdk.Stack(make_app(), "Anywhere")

    assert address.is_of_another_account(stack) is another_account
    assert address.is_of_another_region(stack) is another_region
    assert not address.is_of_another_account(anywhere)
    assert not address.is_of_another_region(anywhere)


def test_people_call_a_key_by_its_arn_or_by_its_alias_if_that_is_all(stack: cdk.Stack) -> None:
    assert str(KeyAddress.by_arn(stack, ARN)) == ARN
    assert str(KeyAddress.by_alias(stack, "orders")) == "alias/orders"
    assert str(KeyAddress.looked_up(stack, "orders", missing=KEY_ID)).endswith(f":key/{KEY_ID}")
