"""A certificate that waits for an outside DNS is announced where it is served without its gate."""

from aws_cdk import aws_kms as kms

from constructs_lib import ManagedCertificate, dns_validation, outside_dns
from constructs_lib.serving.awaited_records import hint_records
from tests.support.announcements import announcements
from tests.support.served_app import new_app, new_stack, zone_of


def test_one_that_waits_for_somebody_is_announced_and_no_other() -> None:
    app = new_app(**{"aws:cdk:bundling-stacks": []})
    stack = new_stack(app)
    key = kms.Key(stack, "LogKey")
    waiting = ManagedCertificate(
        stack, "Waiting", domain_name="a.example.com", validation=outside_dns(), operations_key=key
    )
    validated = ManagedCertificate(
        stack, "Validated", domain_name="b.example.com", validation=dns_validation(zone_of(stack))
    )

    for each in (waiting, validated, waiting.once_issued(stack, "Gate")):
        hint_records(each)
    told = [each for each in announcements(app.synth().directory, "Shop", "info") if "once_issued" in each]

    assert [each.partition(" is issued")[0] for each in told] == ["Shop/Waiting"]
