from constructs_lib import EncryptionKey, KeyMaterial
from constructs_lib.watching.expiry import warn_of_expiry
from constructs_lib.watching.seen_keys import read_keys
from tests.support.outlet_scene import synthesised
from tests.support.synthesised import only, resources
from tests.support.watch_scene import stack_of


def test_an_alarm_rings_from_thirty_days_before_the_material_of_a_key_expires() -> None:
    stack = stack_of()
    (key,) = read_keys(stack, [EncryptionKey(stack, "Key", alias="orders", material=KeyMaterial.IMPORTED)])

    warn_of_expiry(stack, key)

    template = synthesised(stack)
    (logical_id,) = resources(template, "AWS::KMS::Key")
    alarm = only(template, "AWS::CloudWatch::Alarm")["Properties"]
    assert alarm["AlarmDescription"] == (
        "The imported material of alias/orders expires in less than 30 days; then nothing that it encrypts can be "
        "read. Do now: import the same material again, with a later expiry: "
        "docs/runbook.md#imported-material-expires-or-was-deleted of cdk-key-management"
    )
    assert (alarm["Namespace"], alarm["MetricName"]) == ("AWS/KMS", "SecondsUntilKeyMaterialExpiration")
    assert alarm["Dimensions"] == [{"Name": "KeyId", "Value": {"Ref": logical_id}}]
    assert (alarm["Statistic"], alarm["Threshold"]) == ("Minimum", 30 * 24 * 3600)
    assert alarm["ComparisonOperator"] == "LessThanOrEqualToThreshold"


def test_a_key_whose_material_does_not_expire_keeps_the_alarm_quiet() -> None:
    stack = stack_of()
    (key,) = read_keys(stack, [EncryptionKey(stack, "Key", alias="orders", material=KeyMaterial.IMPORTED)])

    warn_of_expiry(stack, key)

    assert only(synthesised(stack), "AWS::CloudWatch::Alarm")["Properties"]["TreatMissingData"] == "notBreaching"
