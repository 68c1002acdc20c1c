"""A use of a key by a service, and the statements that it becomes."""

import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.principals import Permission, Principal
from constructs_lib.service_access.service_use import (
    Allowance,
    ServiceUse,
    both,
    from_account,
    from_arn,
    in_context,
    statements_of,
    via,
)

PAGE = "https://docs.aws.amazon.com/"
READER = Principal.by_arn("arn:aws:iam::111122223333:role/Reader")
WRITER = Principal.by_name("arn:aws:iam::111122223333:role/Writer")
THROUGH = via("s3", "eu-west-1")
READS = ServiceUse(
    title="a reader", page=PAGE, running=(Allowance(sid="Reads", actions=("kms:Decrypt",), conditions=THROUGH),)
)
SERVES = ServiceUse(
    title="a server",
    page=PAGE,
    running=(Allowance(sid="Serves", service="s3.amazonaws.com", actions=("kms:GenerateDataKey",)),),
)


def test_callers_named_by_identity_and_by_name_are_kept_apart() -> None:
    assert [each.render() for each in READS.statements([READER, WRITER])] == [
        {
            "Sid": "Reads",
            "Effect": "Allow",
            "Principal": {"AWS": READER.value},
            "Action": "kms:Decrypt",
            "Resource": "*",
            "Condition": {"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}},
        },
        {
            "Sid": "ReadsByName",
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
            "Action": "kms:Decrypt",
            "Resource": "*",
            "Condition": {
                "ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/Writer"},
                "StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"},
            },
        },
    ]


def test_permissions_say_the_same_for_each_caller() -> None:
    assert READS.permissions([READER, WRITER]) == (
        Permission(READER, ("kms:Decrypt",), THROUGH),
        Permission(WRITER, ("kms:Decrypt",), THROUGH),
    )
    assert SERVES.permissions() == (Permission(Principal("Service", "s3.amazonaws.com"), ("kms:GenerateDataKey",)),)


def test_a_fixed_role_is_named_by_identity() -> None:
    role = "arn:aws:iam::111122223333:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"
    use = ServiceUse(title="", page=PAGE, running=(Allowance(sid="Scales", role=role, actions=("kms:Decrypt",)),))

    assert use.permissions() == (Permission(Principal.by_arn(role), ("kms:Decrypt",)),)
    assert not use.takes_callers


def test_one_use_for_two_callers_is_one_statement() -> None:
    [statement] = statements_of((READS, [READER]), (READS, [Principal.by_arn("arn:aws:iam::111122223333:role/Other")]))

    assert statement.principals == {"AWS": ("arn:aws:iam::111122223333:role/Other", READER.value)}


def test_what_is_said_twice_is_written_once() -> None:
    assert statements_of((SERVES, ()), (SERVES, ())) == SERVES.statements()


def test_refuses_a_use_without_its_callers() -> None:
    with pytest.raises(ConfigurationError) as refused:
        READS.statements()

    assert str(refused.value) == "callers must name who uses the key for a reader, got nobody"


@pytest.mark.parametrize("caller", [READER, WRITER])
def test_refuses_callers_of_what_a_service_does_itself(caller: Principal) -> None:
    with pytest.raises(ConfigurationError) as refused:
        SERVES.permissions([caller])

    assert str(refused.value) == (
        "callers must be nobody for a server, where the service calls KMS for itself, "
        f"got {caller.named or caller.value}"
    )


def test_a_use_without_some_actions_has_the_others_and_no_creator() -> None:
    use = ServiceUse(
        title="a store",
        page="https://docs.aws.amazon.com/",
        running=(
            Allowance(sid="Reads", actions=("kms:Decrypt", "kms:Encrypt"), service="s3.amazonaws.com"),
            Allowance(sid="Writes", actions=("kms:Encrypt",), service="s3.amazonaws.com"),
        ),
        creator="s3",
    )

    left = use.without({"kms:Encrypt"})

    assert [(each.sid, each.actions) for each in left.running] == [("Reads", ("kms:Decrypt",))]
    assert left.creator == ""


def test_a_key_is_symmetric_and_anywhere_unless_told_otherwise() -> None:
    assert (SERVES.key_spec, SERVES.key_region, SERVES.creator) == ("SYMMETRIC_DEFAULT", "", "")


def test_conditions_compare_patterns_as_patterns_and_the_rest_exactly() -> None:
    assert in_context("a", "b") == {"StringEquals": {"kms:EncryptionContext:a": ("b",)}}
    assert in_context("a", "b", "b/*") == {"StringLike": {"kms:EncryptionContext:a": ("b", "b/*")}}
    assert in_context("a", "b?") == {"StringLike": {"kms:EncryptionContext:a": ("b?",)}}


def test_conditions_are_joined() -> None:
    assert both(from_account("1"), from_arn("arn:aws:s3:::orders"), via("s3")) == {
        "ArnLike": {"aws:SourceArn": ("arn:aws:s3:::orders",)},
        "StringEquals": {"aws:SourceAccount": ("1",), "kms:ViaService": ("s3.${AWS::Region}.amazonaws.com",)},
    }
