"""What every kind of key may be told: the same defaults and the same refusals, whatever the kind."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest

from constructs_lib import (
    Administration,
    AgreementKey,
    AsymmetricEncryptionKey,
    ConfigurationError,
    EncryptionKey,
    KeyMaterial,
    KeyState,
    Lifecycle,
    MacKey,
    SigningKey,
    WaitsAtLeast,
)
from constructs_lib.key_kind import SYMMETRIC
from constructs_lib.key_settings import read_settings
from tests.support.synthesised import only, template_of

MakeApp = Callable[..., cdk.App]
KINDS = [EncryptionKey, AsymmetricEncryptionKey, SigningKey, MacKey, AgreementKey]
WAITING = "waiting_period must be a Duration of 7 to 30 whole days, got "
ALIAS = "alias must be 1 to 250 letters, digits and :/_- beside a prefix alias/ and not begin with aws/, got "


@pytest.fixture
def stack(make_app: MakeApp) -> cdk.Stack:
    return cdk.Stack(make_app(), "S")


def properties(kind: Any, stack: cdk.Stack, construct_id: str = "Key", **settings: Any) -> dict[str, Any]:
    kind(stack, construct_id, alias="key", **settings)
    found = only(template_of(stack), "AWS::KMS::Key")["Properties"]
    return {name: value for name, value in found.items() if name not in {"KeyPolicy", "KeySpec", "KeyUsage"}}


@pytest.mark.parametrize("kind", KINDS)
def test_a_key_of_which_nothing_is_said_answers_is_made_by_kms_and_waits_longest(kind: Any, stack: cdk.Stack) -> None:
    rotates = {"EnableKeyRotation": True, "RotationPeriodInDays": 365} if kind is EncryptionKey else {}

    assert properties(kind, stack) == {"PendingWindowInDays": 30, **rotates}
    assert only(template_of(stack), "AWS::KMS::Key")["DeletionPolicy"] == "RetainExceptOnCreate"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_takes_every_setting(kind: Any, stack: cdk.Stack) -> None:
    found = properties(
        kind,
        stack,
        description="Orders",
        tags={"team": "payments"},
        lifecycle=Lifecycle.EPHEMERAL,
        state=KeyState.DISABLED,
        material=KeyMaterial.IMPORTED,
    )

    assert found == {
        "Description": "Orders",
        "Enabled": False,
        "Origin": "EXTERNAL",
        "PendingWindowInDays": 7,
        "Tags": [{"Key": "team", "Value": "payments"}],
    }
    assert only(template_of(stack), "AWS::KMS::Alias")["DeletionPolicy"] == "Delete"


BAD: list[tuple[dict[str, Any], str]] = [
    ({"waiting_period": cdk.Duration.days(6)}, WAITING + "6 days"),
    ({"waiting_period": cdk.Duration.days(31)}, WAITING + "31 days"),
    ({"waiting_period": cdk.Duration.hours(24 * 7 + 1)}, WAITING + "7 days 1 hour"),
    ({"waiting_period": 7}, WAITING + "7"),
    (
        {"waiting_period": cdk.Duration.days(7), "lifecycle": Lifecycle.EPHEMERAL},
        "waiting_period must be left out for an ephemeral key, which has 7 days, got 7 days",
    ),
    ({"lifecycle": "DURABLE"}, "lifecycle must be a member of Lifecycle, got 'DURABLE'"),
    ({"lifecycle": KeyState.ENABLED}, "lifecycle must be a member of Lifecycle, got <KeyState.ENABLED: 'ENABLED'>"),
    ({"state": "DISABLED"}, "state must be a member of KeyState, got 'DISABLED'"),
    ({"state": True}, "state must be a member of KeyState, got True"),
    ({"material": "EXTERNAL"}, "material must be a member of KeyMaterial, got 'EXTERNAL'"),
    ({"administration": None}, "administration must be a member of Administration, got None"),
    ({"unnamed_roles": "GIVE_NAME"}, "unnamed_roles must be a member of UnnamedRoles, got 'GIVE_NAME'"),
    ({"naming": "BY_NAME"}, "naming must be a member of Naming, got 'BY_NAME'"),
    ({"guards": WaitsAtLeast(days=7)}, "guards must be a sequence of guards, got WaitsAtLeast"),
    ({"guards": ["WaitsAtLeast"]}, "guards must be guards such as WaitsAtLeast(days=14), got 'WaitsAtLeast'"),
    ({"alias": "alias/aws/orders"}, ALIAS + "'alias/aws/orders'"),
    ({"alias": "AWS/orders"}, ALIAS + "'AWS/orders'"),
    ({"alias": ""}, ALIAS + "''"),
    ({"alias": 7}, ALIAS + "7"),
    ({"description": "x" * 8193}, "description must be at most 8192 characters, got 8193"),
    ({"description": 7}, "description must be a text, got 7"),
    ({"tags": {"aws:x": ""}}, "tags must have keys of 1 to 128 characters that do not begin with aws:, got 'aws:x'"),
    ({"tags": ["x"]}, "tags must be a mapping of names to values, got ['x']"),
    ({"deployers": []}, "deployers must name somebody or be left out, got nobody"),
    (
        {"administration": Administration.ONLY_NAMED},
        "administrators must name somebody when administration is ONLY_NAMED, got nobody",
    ),
    (
        {"administration": Administration.ONLY_NAMED, "administrators": []},
        "administrators must name somebody when administration is ONLY_NAMED, got nobody",
    ),
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("settings", "message"), BAD, ids=[f"{'-'.join(bad)}-{n}" for n, (bad, _) in enumerate(BAD)])
def test_refuses_a_setting_that_cannot_be(kind: Any, settings: dict[str, Any], message: str, stack: cdk.Stack) -> None:
    with pytest.raises(ConfigurationError) as refused:
        kind(stack, "Key", **settings)
    assert str(refused.value) == message


@pytest.mark.parametrize("kind", [AsymmetricEncryptionKey, SigningKey, MacKey, AgreementKey])
def test_refuses_rotation_where_kms_does_not_rotate(kind: Any, stack: cdk.Stack) -> None:
    with pytest.raises(ConfigurationError, match=r"got rotation_period; KMS does not rotate an? .* key: KeySuccession"):
        kind(stack, "Key", rotation_period=cdk.Duration.days(90))


def test_refuses_a_rotation_period_of_imported_material(stack: cdk.Stack) -> None:
    with pytest.raises(ConfigurationError) as refused:
        EncryptionKey(stack, "Key", material=KeyMaterial.IMPORTED, rotation_period=cdk.Duration.days(90))
    assert str(refused.value) == (
        "rotation_period must be left out for imported material, which KMS does not rotate by itself, got 90 days"
    )


def test_refuses_periods_that_only_the_deployment_knows(stack: cdk.Stack) -> None:
    unknown = cdk.Duration.days(cdk.CfnParameter(stack, "Days", type="Number").value_as_number)

    with pytest.raises(ConfigurationError, match=r"^waiting_period must be a Duration of 7 to 30 whole days, got "):
        EncryptionKey(stack, "Key", waiting_period=unknown)
    with pytest.raises(ConfigurationError, match=r"^rotation_period must be a Duration of 90 to 2560 whole days, got "):
        EncryptionKey(stack, "Key", rotation_period=unknown)


def test_nothing_said_is_everything_at_its_default() -> None:
    read = read_settings({}, SYMMETRIC)

    assert (read.alias_name, read.description, read.tags, read.guards) == (None, None, {}, ())
    assert (read.lifecycle, read.waiting_days) == (Lifecycle.DURABLE, 30)
    assert (read.state, read.material) == (KeyState.ENABLED, KeyMaterial.GENERATED)
    assert read.administration is Administration.THROUGH_IAM
    assert read.people == {"administrators": (), "auditors": (), "deployers": ()}
