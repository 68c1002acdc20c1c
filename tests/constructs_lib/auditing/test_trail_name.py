"""Names of trails: CloudTrail's rules, and each once in an account and Region."""

import aws_cdk as cdk
import pytest

from constructs_lib.auditing.trail_name import check_trail_name, claim_trail_name
from constructs_lib.errors import ConfigurationError
from tests.support.announcements import announcements

HERE = cdk.Environment(account="111122223333", region="eu-west-1")


@pytest.mark.parametrize("name", ["abc", "a-b", "A.b_c-9", "1" * 128, "192.168.5.4.example", "192.168.5"])
def test_a_name_that_cloudtrail_takes_is_taken(name: str) -> None:
    assert check_trail_name(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "ab",
        "1" * 129,
        "-abc",
        "abc-",
        "a--b",
        "a-_b",
        "a b",
        "a/b",
        "ä-trail",
        "192.168.5.4",
        "abc\n",
        "${Name}",
        1,
    ],
)
def test_refuses_a_name_that_cloudtrail_does_not_take(name: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^trail_name must be "):
        check_trail_name(name)


def test_refuses_a_token() -> None:
    with pytest.raises(ConfigurationError, match=r"^trail_name must be literal, since the policies of the key and of"):
        check_trail_name(cdk.Fn.ref("Name"))


def test_a_name_is_free_in_another_account_or_region_and_in_another_app() -> None:
    app = cdk.App()
    for number, (account, region) in enumerate((("1" * 12, "eu-west-1"), ("2" * 12, "eu-west-1"), ("1" * 12, "x-y-1"))):
        env = cdk.Environment(account=account, region=region)
        claim_trail_name(cdk.Stack(app, f"S{number}", env=env), "Trail", name="main")
    claim_trail_name(cdk.Stack(cdk.App(), "S0", env=cdk.Environment(account="1" * 12)), "Trail", name="main")

    with pytest.raises(ConfigurationError, match=r"got 'main', which S0/Trail has already$"):
        claim_trail_name(
            cdk.Stack(app, "T", env=cdk.Environment(account="1" * 12, region="eu-west-1")), "Again", name="main"
        )


def test_stacks_that_may_go_anywhere_share_a_name_and_one_stack_does_not() -> None:
    app = cdk.App()
    one, two = cdk.Stack(app, "One"), cdk.Stack(app, "Two")
    for stack in (one, two):
        claim_trail_name(stack, "Trail", name="main")
    claim_trail_name(two, "Other", name="other")

    told = announcements(app.synth().directory, "Two", "info")
    assert [each for each in told if each.startswith("trail_name 'main' is that of One/Trail as well: ")] == told
    assert len(told) == 1
    with pytest.raises(ConfigurationError, match=r"^trail_name must be another one in each account and Region, got 'm"):
        claim_trail_name(one, "Again", name="main")
