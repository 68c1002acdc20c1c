"""How large a key policy is, and how large it may be."""

import json
from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam

from constructs_lib import EncryptionKey
from constructs_lib.errors import ConfigurationError
from constructs_lib.granted_statements import merge
from constructs_lib.key_kind import SYMMETRIC
from constructs_lib.policy_size import MAX_POLICY_BYTES
from constructs_lib.principals import Permission, Principal
from constructs_lib.statements import Statement, render_policy
from tests.support.synthesised import only, template_of

READER = "arn:aws:iam::111122223333:role/Reader"


def valid(**changed: Any) -> dict[str, Any]:
    return {"sid": "Read", "principals": {"AWS": (READER,)}, "actions": ("kms:Decrypt",), **changed}


LONGEST = {
    "${AWS::Partition}": "aws-us-gov",
    "${AWS::AccountId}": "111122223333",
    "${AWS::Region}": "ap-southeast-10",
    "${AWS::URLSuffix}": "amazonaws.com.cn",
    "${Stack/Reader/Resource.Arn}": "arn:aws-us-gov:iam::111122223333:role/" + 82 * "x",
}


def test_the_size_is_that_of_the_json_with_every_placeholder_at_its_longest() -> None:
    statement = Statement(
        sid="Read",
        principals={
            "AWS": ("arn:${AWS::Partition}:iam::${AWS::AccountId}:root", "${Stack/Reader/Resource.Arn}"),
            "Service": ("logs.${AWS::Region}.${AWS::URLSuffix}",),
        },
        actions=tuple(SYMMETRIC.actions),
        conditions={"StringEquals": {"kms:EncryptionContext:Name": ("Zoë", "a", "${AWS::Region}")}},
    )
    text = json.dumps(statement.render(), separators=(",", ":"), ensure_ascii=False)
    for name, value in LONGEST.items():
        text = text.replace(name, value)

    assert len(LONGEST["${Stack/Reader/Resource.Arn}"]) == 120
    assert "${" not in text
    assert statement.size == len(text.encode("utf-8")) != len(text)


def padded(length: int, sid: str = "Big") -> Statement:
    return Statement(**valid(sid=sid, conditions={"StringEquals": {"k": ("x" * length,)}}))


def test_a_policy_may_have_32768_bytes_and_not_one_more() -> None:
    room = 32_768 - len(json.dumps(render_policy([padded(1)]), separators=(",", ":"))) + 1
    policy = render_policy([padded(room)])
    assert len(json.dumps(policy, separators=(",", ":"))) == 32_768

    with pytest.raises(ConfigurationError, match=r"^a key policy must be at most 32768 bytes, got 32769; "):
        render_policy([padded(room + 1)])


def test_refuses_a_large_policy_and_names_its_largest_statements() -> None:
    sizes = {"A": 100, "B": 9_000, "C": 12_000, "D": 11_000, "E": 5_000}
    statements = {sid: padded(length, sid) for sid, length in sizes.items()}

    with pytest.raises(ConfigurationError) as refused:
        render_policy(statements.values())
    assert str(refused.value).endswith(
        f"the largest statements: C {statements['C'].size}, D {statements['D'].size}, B {statements['B'].size}"
    )


READERS = 50
USE = sorted(SYMMETRIC.use)
DIFFERENT = [actions for number in range(1, len(USE)) for actions in combinations(USE, number)]
MOST_DIFFERENT = DIFFERENT[-READERS:]


def readers(length_of_path: int, actions: Sequence[tuple[str, ...]]) -> list[Permission]:
    """Fifty roles of another stack, named by name, with names as long as IAM allows."""
    path = "/" if length_of_path == 1 else f"/{'p' * (length_of_path - 2)}/"
    return [
        Permission(Principal.by_name(f"arn:aws:iam::111122223333:role{path}{number:064}"), allowed)
        for number, allowed in enumerate(actions)
    ]


@pytest.mark.parametrize(
    ("length_of_path", "actions"),
    [
        (400, READERS * [("kms:Decrypt",)]),
        (200, DIFFERENT[:READERS]),
        (100, MOST_DIFFERENT),
    ],
    ids=["alike", "each otherwise", "each otherwise, and as much as there is"],
)
def test_fifty_readers_fit_into_one_policy(length_of_path: int, actions: list[tuple[str, ...]]) -> None:
    assert len(actions) == READERS
    statements = merge(readers(length_of_path, actions))

    assert len(statements) == len(set(actions))
    assert sum(statement.size + 1 for statement in statements) < MAX_POLICY_BYTES - 3_500  # what the key itself needs


def test_refuses_more_readers_than_fit_and_says_that_it_is_they() -> None:
    with pytest.raises(ConfigurationError, match=r"the largest statements: GrantedDecryptByName 3\d{4}$"):
        render_policy(merge(readers(512, (READERS + 5) * [("kms:Decrypt",)])))


def test_fifty_roles_of_another_stack_with_grants_of_their_own_fit_into_one_policy(
    make_app: Callable[..., cdk.App],
) -> None:
    app = make_app()
    stack, other = cdk.Stack(app, "S"), cdk.Stack(app, "Other")
    key = EncryptionKey(stack, "Key", alias="key")
    for number, actions in enumerate(MOST_DIFFERENT):
        name = f"RoleWithALongNameThatIsCutShort{number:03}"
        key.grant(iam.Role(other, name, path=f"/{98 * 'p'}/", assumed_by=iam.AccountRootPrincipal()), *actions)

    written = only(template_of(stack), "AWS::KMS::Key")["Properties"]["KeyPolicy"]["Statement"]
    granted = [statement for statement in written if statement["Sid"].startswith("Granted")]
    # What is written depends on the rest: `kms:ReEncryptFrom` without `kms:Decrypt` is left out.
    assert len(granted) == len({tuple(statement["Action"]) for statement in granted}) > READERS // 2
