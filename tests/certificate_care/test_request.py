import subprocess
import sys
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore.validate import ParamValidator

from certificate_care.errors import Unavailable
from certificate_care.request import CERTIFICATE_ARN, Deployment, handle
from tests.support.fake_cloudformation import STACK, DeploymentFailed, event_of
from tests.support.fake_route53 import FakeZone, PublicDns, refusal
from tests.support.request_world import OUTSIDE, ROLE, SHOP, TAGS, TEAM, WANTED, ZONES, RequestWorld
from tests.support.requesting_acm import validation_record

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def world() -> RequestWorld:
    return RequestWorld()


def test_a_certificate_is_requested_validated_and_issued(world: RequestWorld) -> None:
    world.stack.create(WANTED)

    assert world.stack.physical_id == world.only.arn
    assert world.stack.attributes == {CERTIFICATE_ARN: world.only.arn}
    assert {name: value for name, value in world.only.asked.items() if name != "IdempotencyToken"} == {
        "DomainName": "shop.example.com",
        "SubjectAlternativeNames": ["shop.example.com", "*.shop.example.com", "team.example.net"],
        "ValidationMethod": "DNS",
        "KeyAlgorithm": "EC_prime256v1",
        "Tags": TAGS,
    }


def test_each_record_is_in_the_zone_of_its_name_and_a_wildcard_shares_that_of_its_parent(world: RequestWorld) -> None:
    world.stack.create(WANTED)

    for zone_id, name in ((SHOP, "shop.example.com"), (TEAM, "team.example.net")):
        record, value = validation_record(name)
        assert world.dns.zones[zone_id].records == {(record, "CNAME"): [value]}


def test_the_role_of_the_other_account_is_assumed_with_its_external_id_and_a_name_that_its_trail_shows(
    world: RequestWorld,
) -> None:
    world.stack.create(WANTED)

    assert world.assumed == [(ROLE, "shop-1", "cdk-CertificateResource")]
    assert {name for name, _ in world.theirs.calls} == {"ListResourceRecordSets", "ChangeResourceRecordSets"}


def test_export_is_asked_for_only_where_the_template_does(world: RequestWorld) -> None:
    world.stack.create({**WANTED, "Export": "ENABLED"})

    assert world.only.asked["Options"] == {"Export": "ENABLED"}


def test_every_call_is_one_that_aws_takes(world: RequestWorld) -> None:
    world.stack.create({**WANTED, "Export": "ENABLED"})
    world.stack.update({**WANTED, "Export": "ENABLED", "Tags": [{"Key": "owner", "Value": "shop"}]})
    world.stack.delete()

    session, validator = botocore.session.get_session(), ParamValidator()
    for service, calls in (("acm", world.acm.calls), ("route53", [*world.own.calls, *world.theirs.calls])):
        model = session.get_service_model(service)
        for operation, arguments in calls:
            shape = model.operation_model(operation).input_shape
            assert shape is not None
            report = validator.validate(arguments, shape)
            assert not report.has_errors(), report.generate_report()


def test_for_an_outside_dns_the_records_are_answered_at_once(world: RequestWorld) -> None:
    world.stack.create(OUTSIDE)

    shop, team = validation_record("shop.example.com"), validation_record("team.example.net")
    assert world.stack.attributes == {
        CERTIFICATE_ARN: world.only.arn,
        "ValidationRecord1": f"{shop[0]} CNAME {shop[1]}",
        "ValidationRecord2": f"{team[0]} CNAME {team[1]}",
    }
    assert world.time.seconds < 20
    assert world.own.calls == world.theirs.calls == []


def test_more_records_than_an_answer_can_tell_are_a_clear_failure_and_leave_nothing(world: RequestWorld) -> None:
    world.acm.most_names = 100
    names = [f"{number:02}-{'x' * 50}.example.com" for number in range(30)]

    failure = world.failure(
        world.stack.create, {**OUTSIDE, "DomainName": "a.example.com", "SubjectAlternativeNames": names}
    )

    assert failure.startswith("the validation records for an outside DNS must be at most 3000 bytes together, got ")
    assert world.acm.certificates == {}


def test_a_repeated_event_gives_the_same_certificate(world: RequestWorld) -> None:
    event = event_of("Create", WANTED)

    for _ in range(2):
        world.invoke(event)

    first, second = world.stack.answers
    assert first == second
    assert first["PhysicalResourceId"] == world.only.arn


def test_an_event_repeated_after_lambda_broke_off_goes_on_with_the_same_certificate(world: RequestWorld) -> None:
    world.acm.fails = {"DescribeCertificate": SystemExit()}  # type: ignore[dict-item]
    with pytest.raises(SystemExit):
        world.invoke(event_of("Create", WANTED))
    world.acm.fails = {}

    world.invoke(event_of("Create", WANTED))

    assert world.stack.answers[0]["PhysicalResourceId"] == world.only.arn


def test_another_request_is_another_certificate(world: RequestWorld) -> None:
    for number in (1, 2):
        world.invoke(event_of("Create", WANTED, RequestId=f"request-{number}"))

    assert len(world.acm.certificates) == 2


@pytest.mark.parametrize(
    "changed",
    [
        {"DomainName": "team.example.net", "SubjectAlternativeNames": ["shop.example.com", "*.shop.example.com"]},
        {"SubjectAlternativeNames": ["team.example.net"]},
        {"KeyAlgorithm": "RSA_2048"},
        {"Export": "ENABLED"},
    ],
    ids=["first name", "fewer names", "algorithm", "export"],
)
def test_an_update_of_what_a_certificate_is_replaces_it(world: RequestWorld, changed: dict[str, Any]) -> None:
    world.stack.create(WANTED)
    former = world.only.arn

    world.stack.update({**WANTED, **changed})

    assert world.stack.physical_id == world.only.arn != former


@pytest.mark.parametrize(
    "changed",
    [
        {"Tags": [*TAGS, {"Key": "owner", "Value": "shop"}]},
        {"Zones": [ZONES[0], {**ZONES[1], "RoleArn": f"{ROLE}-2"}]},
        {"SubjectAlternativeNames": ["team.example.net", "*.shop.example.com"]},
        {"Attempt": "2"},
    ],
    ids=["tags", "role", "order of names", "unknown"],
)
@pytest.mark.parametrize("algorithm", ["EC_prime256v1", "RSA_2048"])
def test_an_update_of_anything_else_keeps_it(world: RequestWorld, changed: dict[str, Any], algorithm: str) -> None:
    wanted = {**WANTED, "KeyAlgorithm": algorithm}
    world.stack.create(wanted)
    former = world.only.arn

    world.stack.update({**wanted, **changed})

    assert world.stack.physical_id == world.only.arn == former


def test_an_update_of_tags_gives_those_of_the_template_and_takes_none(world: RequestWorld) -> None:
    world.stack.create(WANTED)
    world.only.tags["somebody"] = "else"

    world.stack.update({**WANTED, "Tags": [*TAGS, {"Key": "team", "Value": "web"}]})

    assert world.only.tags == {
        "cdk-key-management:certificate": "shop/Certificate",
        "team": "web",
        "somebody": "else",
    }


def test_tags_that_stay_the_same_are_not_written_again(world: RequestWorld) -> None:
    world.stack.create(WANTED)
    world.stack.update({**WANTED, "Attempt": "2"})

    assert "AddTagsToCertificate" not in {name for name, _ in world.acm.calls}


def test_an_update_of_a_certificate_that_somebody_deleted_makes_another(world: RequestWorld) -> None:
    world.stack.create(WANTED)
    former = world.stack.physical_id
    world.acm.certificates.clear()

    world.stack.update({**WANTED, "Attempt": "2"})

    assert world.stack.physical_id == world.only.arn != former


def test_an_update_of_a_certificate_that_may_not_be_looked_at_says_what_may_have_happened(world: RequestWorld) -> None:
    world.stack.create(WANTED)
    world.acm.fails = {"DescribeCertificate": refusal("DescribeCertificate", "AccessDeniedException", "no tag")}

    changed = {"PhysicalResourceId": world.stack.physical_id, "OldResourceProperties": WANTED, "RequestId": "another"}
    world.invoke(event_of("Update", WANTED, **changed))

    assert world.stack.answers[-1]["PhysicalResourceId"] == world.only.arn
    assert world.stack.answers[-1]["Reason"] == (
        "acm:DescribeCertificate must be allowed, got AccessDeniedException: no tag; if somebody deleted it already, "
        "request it under another id"
    )


def test_an_update_after_the_validation_timed_out_requests_again(world: RequestWorld) -> None:
    world.stack.create(OUTSIDE)
    former = world.only.arn
    world.time.seconds += 73 * 3600

    world.stack.update({**OUTSIDE, "Attempt": "2"})

    assert world.stack.physical_id == world.only.arn != former


def test_a_record_that_stands_already_is_left_as_it_is(world: RequestWorld) -> None:
    record, value = validation_record("shop.example.com")
    world.dns.zones[SHOP].records[record, "CNAME"] = [value]

    world.stack.create(WANTED)

    assert "ChangeResourceRecordSets" not in {name for name, _ in world.own.calls}


def test_another_record_at_the_name_is_a_clear_failure_and_stays(world: RequestWorld) -> None:
    record, _ = validation_record("shop.example.com")
    world.dns.zones[SHOP].records[record, "CNAME"] = ["somewhere.else."]

    failure = world.failure(world.stack.create, WANTED)

    assert failure.endswith(
        "got CNAME ['somewhere.else.'] in the hosted zone Z0SHOP: remove that record, then deploy again"
    )
    assert world.dns.zones[SHOP].records == {(record, "CNAME"): ["somewhere.else."]}
    assert world.acm.certificates == {}


def test_a_create_that_fails_half_way_leaves_no_certificate(world: RequestWorld) -> None:
    del world.dns.zones[TEAM]

    failure = world.failure(world.stack.create, WANTED)

    assert failure == "the hosted zone of team.example.net must exist, got none with Z0TEAM"
    assert world.acm.certificates == {}


def test_an_update_that_fails_half_way_leaves_the_former_certificate_alone_and_no_other(world: RequestWorld) -> None:
    world.stack.create(WANTED)
    former = world.only
    record, _ = validation_record("new.example.net")
    world.dns.zones[TEAM].records[record, "TXT"] = ['"taken"']
    zones = [ZONES[0], {**ZONES[1], "DomainNames": ["new.example.net"]}]

    failure = world.failure(
        world.stack.update, {**WANTED, "SubjectAlternativeNames": ["new.example.net"], "Zones": zones}
    )

    assert "got TXT" in failure
    assert world.only is former


def test_what_an_update_could_not_take_back_is_named(world: RequestWorld) -> None:
    world.stack.create(WANTED)
    world.acm.fails = {"DeleteCertificate": refusal("DeleteCertificate", "AccessDeniedException", "no")}
    world.dns.zones[SHOP].records.clear()
    del world.dns.zones[TEAM]

    world.invoke(
        event_of(
            "Update",
            {**WANTED, "KeyAlgorithm": "RSA_2048"},
            RequestId="another",
            PhysicalResourceId=world.stack.physical_id,
            OldResourceProperties=WANTED,
        )
    )

    _, second = world.acm.certificates
    answer = world.stack.answers[-1]
    assert answer["PhysicalResourceId"] == world.stack.physical_id
    assert f"; {second} is left behind, since deleting it failed: acm:DeleteCertificate must be" in answer["Reason"]


def test_an_unexpected_failure_after_the_request_leaves_no_certificate(world: RequestWorld) -> None:
    world.own.list_resource_record_sets = lambda **_: 1 / 0  # type: ignore[method-assign, assignment]

    failure = world.failure(world.stack.create, WANTED)

    assert failure.startswith("unexpected ZeroDivisionError in test_request.py:")
    assert world.acm.certificates == {}


def test_a_caa_record_against_amazon_is_said_in_words_with_the_remedy(world: RequestWorld) -> None:
    world.acm.caa = frozenset({"team.example.net"})

    failure = world.failure(world.stack.create, WANTED)

    assert failure.startswith("the certificate must be ISSUED, got FAILED because of CAA_ERROR: a CAA record of ")
    assert "amazontrust.com" in failure


def test_a_zone_that_public_dns_does_not_know_ends_before_lambda_does_and_names_the_missing_record(
    world: RequestWorld,
) -> None:
    elsewhere = PublicDns({TEAM: FakeZone("example.net.")})
    world.theirs.dns = elsewhere
    record, value = validation_record("team.example.net")

    failure = world.failure(world.stack.create, WANTED)

    assert failure.endswith(f"put these records where public DNS finds them, then deploy again: {record} CNAME {value}")
    assert "must be ISSUED, got PENDING_VALIDATION" in failure
    assert 700 < world.time.seconds < 900
    assert world.acm.certificates == {}


def test_what_a_new_role_may_not_do_yet_is_asked_again(world: RequestWorld) -> None:
    world.acm.denials_left = world.own.denials_left = world.theirs.denials_left = world.refused_roles = 3

    world.stack.create(WANTED)

    assert world.stack.physical_id == world.only.arn


def test_what_a_role_may_not_do_for_a_minute_is_a_failure(world: RequestWorld) -> None:
    world.acm.denials_left = 10_000

    answer = world.failure(world.stack.create, WANTED)

    assert answer.startswith("acm:RequestCertificate must be allowed, got AccessDeniedException: is not authorized to ")
    assert 50 < world.time.seconds < 150


def test_a_certificate_of_more_names_than_the_quota_is_a_failure_that_says_so(world: RequestWorld) -> None:
    world.acm.most_names = 2

    assert "got LimitExceededException for 3 names: ask AWS for a higher quota" in world.failure(
        world.stack.create, WANTED
    )


def test_a_deleted_certificate_is_gone_and_its_records_stay(world: RequestWorld) -> None:
    world.stack.create(WANTED)

    world.stack.delete()

    assert world.acm.certificates == {}
    assert world.dns.cname(validation_record("shop.example.com")[0]) is not None


def test_a_certificate_in_use_is_not_deleted_and_its_users_are_named(world: RequestWorld) -> None:
    world.stack.create(WANTED)
    world.only.in_use_by = [
        f"arn:aws:elasticloadbalancing:eu-central-1:111122223333:loadbalancer/app/{n}" for n in "abcdef"
    ]

    with pytest.raises(DeploymentFailed) as failed:
        world.stack.delete()

    assert "must be served by nothing to be deleted, got arn:aws:elasticloadbalancing:" in str(failed.value)
    assert " and 2 more: let that serve another certificate, then delete again" in str(failed.value)


def test_what_is_gone_is_deleted_although_a_permission_by_tag_does_not_speak_of_it(world: RequestWorld) -> None:
    world.stack.create(WANTED)
    world.acm.certificates.clear()
    world.acm.fails = {"DeleteCertificate": refusal("DeleteCertificate", "AccessDeniedException", "no tag")}

    world.stack.delete()


@pytest.mark.parametrize("denied", [["DeleteCertificate"], ["DeleteCertificate", "DescribeCertificate"]], ids=str)
def test_what_may_not_be_deleted_is_told_after_a_minute(world: RequestWorld, denied: list[str]) -> None:
    world.stack.create(WANTED)
    world.acm.fails = {each: refusal(each, "AccessDeniedException", "no tag") for each in denied}

    with pytest.raises(DeploymentFailed) as failed:
        world.stack.delete()

    assert str(failed.value) == (
        "acm:DeleteCertificate must be allowed, got AccessDeniedException: no tag; if somebody deleted it already, let "
        "CloudFormation retain it"
    )
    assert world.only.arn == world.stack.physical_id


def test_what_somebody_deleted_already_is_deleted(world: RequestWorld) -> None:
    world.stack.create(WANTED)
    world.acm.certificates.clear()

    world.stack.delete()


@pytest.mark.parametrize(
    "physical_id", ["shop-CertificateResource-1ABC", "arn:aws:iam::111122223333:role/x", "x" * 1024]
)
def test_nothing_is_asked_to_delete_what_is_no_certificate(world: RequestWorld, physical_id: str) -> None:
    world.invoke(event_of("Delete", WANTED, PhysicalResourceId=physical_id))

    assert world.stack.answers[-1]["Status"] == "SUCCESS"
    assert world.acm.calls == []


def test_a_stack_whose_create_was_never_answered_is_deleted(world: RequestWorld) -> None:
    world.invoke(event_of("Delete", {}, PhysicalResourceId="shop-CertificateResource-1ABC"))

    assert world.stack.answers[-1]["Status"] == "SUCCESS"


def test_refuses_properties_that_are_none_before_anything_is_requested(world: RequestWorld) -> None:
    failure = world.failure(world.stack.create, {**WANTED, "KeyAlgorithm": "RSA_1024"})

    assert failure.startswith("KeyAlgorithm must be one of ")
    assert world.acm.calls == []


def test_an_answer_that_does_not_arrive_lets_lambda_repeat_the_event(world: RequestWorld) -> None:
    def put(_url: str, _body: bytes, /) -> None:
        raise Unavailable("the answer must reach CloudFormation, got status 503")

    deployment = Deployment(world.acm, world.writer, STACK, put, world.time.clock, world.time.sleep)

    with pytest.raises(Unavailable):
        handle(event_of("Create", WANTED), world.time, deployment=deployment)
    world.invoke(event_of("Create", WANTED))

    assert world.stack.answers[0]["PhysicalResourceId"] == world.only.arn


@pytest.mark.parametrize("request_type", ["Create", "Update", "Delete"])
def test_refuses_what_another_stack_asks_for(world: RequestWorld, request_type: str) -> None:
    world.stack.create(WANTED)
    before = len(world.acm.calls)

    world.invoke(event_of(request_type, WANTED, PhysicalResourceId=world.only.arn, StackId=f"{STACK}0"))

    assert world.stack.answers[-1]["Status"] == "FAILED"
    assert world.stack.answers[-1]["Reason"].startswith("StackId must be the stack of this function, got ")
    assert len(world.acm.calls) == before


def test_the_functions_start_without_cryptography_and_boto3_and_without_asking_aws() -> None:
    program = (
        "import sys, certificate_care.issued, certificate_care.look, certificate_care.request; "
        "print({'boto3', 'cryptography'} & set(sys.modules))"
    )

    done = subprocess.run(  # noqa: S603  # this very interpreter, on a text from above
        [sys.executable, "-c", program],
        capture_output=True,
        check=True,
        cwd=ROOT / "lambda_src",
        env={"PATH": "/usr/bin:/bin"},
        text=True,
    )

    assert done.stdout == "set()\n"
