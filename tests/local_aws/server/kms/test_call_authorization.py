from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws import LocalAws

pytestmark = pytest.mark.deploy

MakeKey = Callable[..., str]
Allow = Callable[..., dict[str, Any]]
Person = Callable[..., tuple[str, Any]]


def test_an_alias_stands_for_its_key_in_iam_policies_too(
    aws: LocalAws, make_key: MakeKey, make_role: Callable[..., str], kms: Any, *, account_root: str, allow: Allow
) -> None:
    key = make_key(allow(account_root, "kms:Encrypt"))
    name = f"alias/{key.rpartition('/')[2]}"
    kms.create_alias(AliasName=name, TargetKeyId=key)
    by_alias = key.replace("key/", "alias/")
    may, may_not = [
        aws.session(aws.assume(make_role({"Effect": "Allow", "Action": "kms:Encrypt", "Resource": arn}))).client("kms")
        for arn in (key, by_alias)
    ]

    assert may.encrypt(KeyId=name, Plaintext=b"data")["KeyId"] == key
    with pytest.raises(ClientError, match=f"{key} because no identity-based policy allows"):
        may_not.encrypt(KeyId=name, Plaintext=b"data")


def test_a_multi_region_key_that_is_not_named_is_asked_for_its_policy(
    make_key: MakeKey, make_person: Person, kms: Any, allow: Allow, account_root: str
) -> None:
    key = make_key(allow(account_root, "kms:Encrypt"), MultiRegion=True)
    sealed = kms.encrypt(KeyId=key, Plaintext=b"data")["CiphertextBlob"]
    _, person = make_person()

    with pytest.raises(ClientError, match="no resource-based policy allows the kms:Decrypt action"):
        person.decrypt(CiphertextBlob=sealed)


def _create(person: Any, name: str, key: str, _other: str) -> None:
    person.create_alias(AliasName=f"{name}-new", TargetKeyId=key)


def _move(person: Any, name: str, _key: str, other: str) -> None:
    person.update_alias(AliasName=name, TargetKeyId=other)


def _delete(person: Any, name: str, _key: str, _other: str) -> None:
    person.delete_alias(AliasName=name)


@pytest.mark.parametrize(
    ("call", "action"),
    [(_create, "kms:CreateAlias"), (_move, "kms:UpdateAlias"), (_delete, "kms:DeleteAlias")],
)
@pytest.mark.parametrize("gap", ["nothing", "the key's policy", "the other key's policy", "IAM for the alias"])
def test_an_alias_needs_iam_for_itself_and_the_policies_of_its_keys(
    aws: LocalAws, make_key: MakeKey, make_role: Callable[..., str], kms: Any, *, allow: Allow,
    call: Callable[[Any, str, str, str], None], action: str, gap: str,
) -> None:  # fmt: skip
    where = "arn:aws:kms:*:*:key/*" if gap == "IAM for the alias" else "*"
    role = make_role({"Effect": "Allow", "Action": "kms:*", "Resource": where})
    person = aws.session(aws.assume(role)).client("kms")
    key, other = [
        make_key({**allow(role, action), "Effect": "Deny" if gap == lacks else "Allow"})
        for lacks in ("the key's policy", "the other key's policy")
    ]
    name = f"alias/{key.rpartition('/')[2]}"
    kms.create_alias(AliasName=name, TargetKeyId=key)
    irrelevant = gap == "the other key's policy" and call is not _move

    if gap == "nothing" or irrelevant:
        call(person, name, key, other)
        return
    with pytest.raises(ClientError, match=f"not authorized to perform: {action} on resource"):
        call(person, name, key, other)


def test_a_re_encryption_is_recorded_under_its_own_name(aws: LocalAws, make_key: MakeKey, kms: Any) -> None:
    key = make_key()
    sealed = kms.encrypt(KeyId=key, Plaintext=b"data")["CiphertextBlob"]
    kms.re_encrypt(CiphertextBlob=sealed, DestinationKeyId=key)

    last = aws.recorded_calls()[-1]

    assert (last.operation, last.resource, last.error) == ("ReEncrypt", key, "")
