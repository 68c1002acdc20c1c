"""Who is named by name because he is in another stack is announced, so that moving him is noticed."""

from collections.abc import Callable

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from constructs_lib import EncryptionKey, Naming, permission_set
from tests.support.announcements import announcements

MakeApp = Callable[..., cdk.App]
IRELAND = cdk.Environment(account="111122223333", region="eu-west-1")
IAM = "arn:aws:iam::111122223333"


def stacks(make_app: MakeApp) -> tuple[cdk.Stack, cdk.Stack]:
    app = make_app()
    return cdk.Stack(app, "S", env=IRELAND), cdk.Stack(app, "W", env=IRELAND)


def role(scope: cdk.Stack, name: str) -> iam.Role:
    return iam.Role(scope, name, assumed_by=iam.AccountRootPrincipal(), role_name=name, path="/team/")


def named_by_name(stack: cdk.Stack) -> list[str]:
    app = cdk.App.of(stack)
    assert app is not None
    notes = announcements(app.synth().directory, stack.stack_name, "info")
    return [note for note in notes if "[ack: cdk-key-management:named-by-name]" in note]


def test_people_and_grantees_of_other_stacks_are_announced_together(make_app: MakeApp) -> None:
    stack, other = stacks(make_app)
    writer = role(other, "Writer")
    key = EncryptionKey(stack, "Key", auditors=[role(other, "Auditor"), role(stack, "Near")])
    for _ in range(2):
        key.grant_encrypt(writer)

    (note,) = named_by_name(stack)
    assert note == (
        f"named by name, as they are in other stacks: W/Auditor as {IAM}:role/team/Auditor, W/Writer as "
        f"{IAM}:role/team/Writer; who moves into the key's stack is then named by identity, unless the key's naming "
        "is BY_NAME [ack: cdk-key-management:named-by-name]"
    )


def unnamed(scope: cdk.Stack, name: str) -> iam.Role:
    return iam.Role(scope, name, assumed_by=iam.AccountRootPrincipal())


def test_roles_that_are_given_a_name_stand_in_the_same_note(make_app: MakeApp) -> None:
    stack, other = stacks(make_app)
    reader = unnamed(other, "Reader")
    EncryptionKey(stack, "Key", encrypters=[unnamed(other, "Writer"), role(other, "Named")]).grant_decrypt(reader)
    EncryptionKey(stack, "Second").grant_decrypt(reader)

    first, second = named_by_name(stack)
    given = first.partition(". ")[2]
    assert first.startswith("named by name, as they are in other stacks: W/Named as ")
    assert given.startswith("given a name, so that a key policy can name them by it: W/Reader is Reader-<Region>-")
    assert "W/Writer is Writer-<Region>-" in given
    assert "W/Named" not in given
    assert "; who is deployed already without a name is replaced: give the role a role_name of your own, or" in given
    assert "given a name" not in second


def test_a_name_given_on_purpose_is_announced_as_well(make_app: MakeApp) -> None:
    stack, other = stacks(make_app)
    EncryptionKey(stack, "Key", naming=Naming.BY_NAME, decrypters=[unnamed(other, "Reader"), unnamed(stack, "Near")])

    (note,) = named_by_name(stack)
    assert note.startswith("given a name, so that a key policy can name them by it: S/Near is Near-<Region>-")


def test_each_key_announces_its_own(make_app: MakeApp) -> None:
    stack, other = stacks(make_app)
    reader = role(other, "Reader")
    for name in ("First", "Second"):
        EncryptionKey(stack, name).grant_decrypt(reader)
    EncryptionKey(stack, "Third").grant_decrypt(role(stack, "Near"))

    assert len(named_by_name(stack)) == 2


def test_who_is_named_by_name_on_purpose_needs_no_word(make_app: MakeApp) -> None:
    stack, other = stacks(make_app)
    EncryptionKey(
        stack, "Key", naming=Naming.BY_NAME, decrypters=[role(other, "Reader"), role(stack, "Near")]
    ).grant_encrypt(permission_set("Writers"))

    assert named_by_name(stack) == []
