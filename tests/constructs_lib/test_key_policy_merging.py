"""Grants become statements: the fewest, in one order, allowing what the grants allowed and nothing else."""

import itertools
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructs_lib.errors import ConfigurationError
from constructs_lib.granted_statements import merge
from constructs_lib.key_kind import SYMMETRIC
from constructs_lib.principals import (
    PRINCIPAL_ARN,
    Conditions,
    Permission,
    Principal,
    canonical_conditions,
    short_digest,
)
from constructs_lib.statements import Statement, render_policy

READER, WRITER, FAR = (f"arn:aws:iam::111122223333:role/{name}" for name in ("Reader", "Writer", "team/Far"))
ABROAD = "arn:aws:iam::444455556666:role/Reader"
CALLERS = [
    Principal.by_arn(READER),
    Principal.by_arn(WRITER),
    Principal.by_arn("arn:aws:iam::444455556666:root"),
    Principal.by_name(FAR),
    Principal.by_name(READER),
    Principal.by_name(ABROAD),
    Principal.by_name("arn:aws:iam::111122223333:role/Stack-Role-*"),
    Principal("Service", "sns.amazonaws.com"),
    Principal("Service", "sqs.amazonaws.com"),
    Principal("Federated", "arn:aws:iam::111122223333:saml-provider/Idp"),
]
VIA_S3: Conditions = {"StringEquals": {"kms:ViaService": ("s3.eu-west-1.amazonaws.com",)}}
CONDITIONS: list[Conditions] = [
    {},
    VIA_S3,
    {"StringEquals": {"aws:SourceAccount": ("111122223333",)}},
    {"StringEquals": {"aws:SourceAccount": ("444455556666", "111122223333")}},
    {"StringEquals": {"kms:GrantConstraintType": ("EncryptionContextSubset",)}},
]
GRANTABLE = sorted(SYMMETRIC.actions - {"kms:PutKeyPolicy"})

permissions = st.builds(
    Permission,
    principal=st.sampled_from(CALLERS),
    actions=st.lists(st.sampled_from(GRANTABLE), min_size=1, max_size=4).map(tuple),
    conditions=st.sampled_from(CONDITIONS),
    effect=st.sampled_from(["Allow", "Deny"]),
)

Atom = tuple[str, str, str, str, str, str]
FOR_AWS_RESOURCES: Conditions = {"Bool": {"kms:GrantIsForAWSResource": ("true",)}}


def asked(grants: Iterable[Permission]) -> set[Atom]:
    """Give effect, kind, principal, name, action and conditions of all that grants ask for, one by one."""
    found: set[Atom] = set()
    for grant in grants:
        for action in grant.actions:
            conditions = {operator: dict(keys) for operator, keys in grant.conditions.items()}
            limits = {"GrantIsForAWSResource", "GrantOperations", "GranteePrincipal", "GranteeServicePrincipal"}
            narrowed = any(key.removeprefix("kms:") in limits for keys in conditions.values() for key in keys)
            if action == "kms:CreateGrant" and grant.effect == "Allow" and not narrowed:
                conditions |= {operator: dict(keys) for operator, keys in FOR_AWS_RESOURCES.items()}
            who = grant.principal
            found.add((grant.effect, who.kind, who.value, who.named, action, str(canonical_conditions(conditions))))
    return found


def said(statements: Iterable[Statement]) -> set[Atom]:
    """Give the same of what statements say, each name with the account that its ARN holds."""
    found: set[Atom] = set()
    for statement in statements:
        conditions = {operator: dict(keys) for operator, keys in statement.conditions.items()}
        names = [
            name
            for operator in ("ArnEquals", "ArnLike")
            for name in conditions.get(operator, {}).pop(PRINCIPAL_ARN, ())
        ] or [""]
        rest = str(canonical_conditions(conditions))
        for kind, values in statement.principals.items():
            for value, name, action in itertools.product(values, names, statement.actions):
                if not name or name.split(":")[4] == value.split(":")[4]:
                    found.add((statement.effect, kind, value, name, action, rest))
    return found


@given(st.lists(permissions, max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_grants_changes_nothing(grants: list[Permission], random: object) -> None:
    shuffled = sorted(grants, key=lambda _: random.random())  # type: ignore[attr-defined]  # hypothesis gives a Random

    assert render_policy(merge(shuffled)) == render_policy(merge(grants))


@given(st.lists(permissions, max_size=12))
def test_merging_changes_nothing_that_is_allowed_or_denied(grants: list[Permission]) -> None:
    assert said(merge(grants)) == asked(grants)


@given(st.lists(permissions, max_size=12))
def test_granting_twice_changes_nothing(grants: list[Permission]) -> None:
    assert merge([*grants, *grants]) == merge(grants)


@given(st.lists(permissions, max_size=12))
def test_no_two_statements_share_a_sid(grants: list[Permission]) -> None:
    sids = [statement.sid for statement in merge(grants)]

    assert len(set(sids)) == len(sids)
    assert all(len(sid) <= 100 for sid in sids)


@given(st.lists(permissions, max_size=12), permissions)
def test_a_further_grant_gives_no_statement_another_sid(grants: list[Permission], further: Permission) -> None:
    def bodies(statements: list[Statement]) -> dict[str, str]:
        return {str({**statement.render(), "Sid": ""}): statement.sid for statement in statements}

    before, after = bodies(merge(grants)), bodies(merge([*grants, further]))

    assert all(before[body] == after[body] for body in before.keys() & after.keys())


@given(st.lists(permissions, max_size=12))
def test_create_grant_stands_alone_and_only_for_aws_resources(grants: list[Permission]) -> None:
    for statement in merge(grants):
        if statement.effect == "Allow" and "kms:CreateGrant" in statement.actions:
            names = {key for keys in statement.conditions.values() for key in keys}
            assert "kms:GrantConstraintType" in names or (
                statement.actions == ("kms:CreateGrant",) and "kms:GrantIsForAWSResource" in names
            )


def test_callers_with_equal_permissions_share_a_statement() -> None:
    statements = merge([
        Permission(Principal.by_arn(WRITER), ("kms:Decrypt",)),
        Permission(Principal.by_arn(READER), ("kms:Encrypt",)),
        Permission(Principal.by_arn(WRITER), ("kms:Encrypt",)),
        Permission(Principal.by_arn(READER), ("kms:Decrypt",)),
    ])

    assert [statement.render() for statement in statements] == [
        {
            "Sid": "GrantedDecryptEncrypt",
            "Effect": "Allow",
            "Principal": {"AWS": [READER, WRITER]},
            "Action": ["kms:Decrypt", "kms:Encrypt"],
            "Resource": "*",
        }
    ]


def test_the_sid_says_what_is_allowed_to_which_kind_under_which_conditions() -> None:
    everything = tuple(sorted(SYMMETRIC.actions - {"kms:CreateGrant"}))
    statements = merge([
        Permission(Principal.by_arn(READER), ("kms:Decrypt",)),
        Permission(Principal.by_name(FAR), ("kms:Decrypt",)),
        Permission(Principal("Service", "sns.amazonaws.com"), ("kms:Decrypt",)),
        Permission(Principal.by_arn(READER), ("kms:Decrypt",), VIA_S3),
        Permission(Principal.by_arn(READER), ("kms:CreateGrant",)),
        Permission(Principal.by_arn(WRITER), everything),
        Permission(Principal("AWS", "*"), ("kms:Encrypt",), effect="Deny"),
    ])

    assert [statement.sid for statement in statements] == sorted([
        "GrantedDecrypt",
        "GrantedDecryptByName",
        "GrantedDecryptToService",
        f"GrantedDecrypt{short_digest(VIA_S3)}",
        f"GrantedCreateGrant{short_digest(FOR_AWS_RESOURCES)}",
        f"GrantedCancelKeyDeletionCreateAliasDecryptDeleteA{short_digest(list(everything))}",
        "DeniedEncrypt",
    ])


def test_create_grant_leaves_the_rest_of_a_grant_as_it_was() -> None:
    statements = merge([Permission(Principal.by_arn(READER), ("kms:CreateGrant", "kms:DescribeKey"), VIA_S3)])

    assert [(statement.actions, statement.conditions) for statement in statements] == [
        (("kms:CreateGrant",), {**FOR_AWS_RESOURCES, **VIA_S3}),
        (("kms:DescribeKey",), VIA_S3),
    ]


def test_conditions_whose_digests_meet_are_not_taken_for_each_other() -> None:
    by_digest: dict[str, Conditions] = {}
    for number in itertools.count():
        conditions: Conditions = {"StringEquals": {"kms:EncryptionContext:tenant": (str(number),)}}
        first = by_digest.setdefault(short_digest(conditions), conditions)
        if first is not conditions:
            break

    grants = [
        Permission(Principal.by_arn(READER), ("kms:Decrypt",), first),
        Permission(Principal.by_arn(WRITER), ("kms:Encrypt",), conditions),
    ]
    assert said(merge(grants)) == asked(grants)

    with pytest.raises(ConfigurationError, match="sid must be unique in a key policy"):
        render_policy(merge([grants[0], Permission(Principal.by_arn(WRITER), ("kms:Decrypt",), conditions)]))
