from itertools import permutations

from constructs_lib.adoption.policy_change import Fate, StatementChange, statement_changes
from constructs_lib.key_kind import SYMMETRIC
from tests.support.key_statements import ACCOUNT, READER, allow, deny
from tests.support.written_policies import written

USE = allow([ACCOUNT, READER], "kms:Decrypt", "kms:Encrypt", sid="Use", StringEquals={"kms:ViaService": "a"})
READ = allow(READER, "kms:DescribeKey", sid="Read")


def test_equal_policies_have_no_changes() -> None:
    assert statement_changes(written(USE, READ), written(USE, READ)) == ()


def test_the_order_of_statements_and_values_is_no_change() -> None:
    other = {**USE, "Principal": {"AWS": [READER, ACCOUNT]}, "Action": ["kms:Encrypt", "kms:Decrypt"]}

    for order in permutations([other, READ]):
        assert statement_changes(written(USE, READ), written(*order)) == ()


def test_a_wildcard_and_what_it_means_are_no_change() -> None:
    wild, exact = (
        allow(READER, "kms:ReEncrypt*", sid="R"),
        allow(READER, "kms:ReEncryptFrom", "kms:ReEncryptTo", sid="R"),
    )

    assert statement_changes(written(wild), written(exact)) == ()


def test_a_statement_that_goes_loses_all_its_parts() -> None:
    assert statement_changes(written(USE, READ), written(USE)) == (
        StatementChange(
            "Read", Fate.GOES, {"effect": ("Allow",), "principals": (READER,), "actions": ("kms:DescribeKey",)}, {}
        ),
    )


def test_the_policy_of_the_cdk_goes_with_every_action_of_the_key() -> None:
    (change,) = statement_changes(written(allow(ACCOUNT, "kms:*")), written())

    assert change.name == "(no Sid, 1)"
    assert change.lost["actions"] == tuple(sorted(SYMMETRIC.actions))


def test_a_statement_that_comes_wins_all_its_parts() -> None:
    (change,) = statement_changes(written(), written(USE))

    assert (change.name, change.fate, change.lost) == ("Use", Fate.COMES, {})
    assert change.won == {
        "effect": ("Allow",),
        "principals": (READER, ACCOUNT),
        "actions": ("kms:Decrypt", "kms:Encrypt"),
        "conditions": ("StringEquals kms:ViaService a",),
    }


def test_a_statement_that_changes_says_only_what() -> None:
    after = allow([READER, "arn:aws:iam::111122223333:role/New"], "kms:Decrypt", "kms:DescribeKey", sid="Use")

    assert statement_changes(written(USE), written(after)) == (
        StatementChange(
            "Use",
            Fate.CHANGES,
            {"principals": (ACCOUNT,), "actions": ("kms:Encrypt",), "conditions": ("StringEquals kms:ViaService a",)},
            {"principals": ("arn:aws:iam::111122223333:role/New",), "actions": ("kms:DescribeKey",)},
        ),
    )


def test_another_effect_or_resource_is_a_change() -> None:
    (effect,) = statement_changes(written(READ), written(deny(READER, "kms:DescribeKey", sid="Read")))
    (resource,) = statement_changes(written({**READ, "Resource": "arn:aws:kms:eu-west-1:1:key/2"}), written(READ))

    assert (effect.lost, effect.won) == ({"effect": ("Allow",)}, {"effect": ("Deny",)})
    assert (resource.lost, resource.won) == ({"resources": ("arn:aws:kms:eu-west-1:1:key/2",)}, {})


def test_what_goes_stands_before_what_changes_and_what_comes() -> None:
    changed = allow(READER, "kms:Decrypt", sid="Use")
    came = allow(READER, "kms:Decrypt", sid="Also")

    fates = [change.fate for change in statement_changes(written(USE, READ), written(came, changed))]

    assert fates == [Fate.GOES, Fate.CHANGES, Fate.COMES]
