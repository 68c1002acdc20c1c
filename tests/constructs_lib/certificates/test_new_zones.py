import json
import shlex

import aws_cdk as cdk
import jmespath
import pytest
from aws_cdk import aws_route53 as route53
from constructs import Construct

from constructs_lib.certificates.new_zones import REMOVE_RECORDS, announce_new_zones
from constructs_lib.certificates.validation import DelegatedZone
from constructs_lib.certificates.validation_zones import read_zones
from tests.conftest import configured_app
from tests.support.announcements import announcements
from tests.support.aws_command import AwsCommand

ID = "Z0123456789ABCDEFGHIJ"
NAMES = ["shop.example.com", "shop.example.org", "shop.example.net"]
OF_ACM = {"Name": "_a.shop.", "Type": "CNAME", "TTL": 300, "ResourceRecords": [{"Value": "_b.c.acm-validations.aws."}]}
RECORDS = [
    OF_ACM,
    {"Name": "shop.", "Type": "NS", "TTL": 300, "ResourceRecords": [{"Value": "ns.example.com."}]},
    {"Name": "www.shop.", "Type": "CNAME", "TTL": 300, "ResourceRecords": [{"Value": "shop.example.com."}]},
    {"Name": "api.shop.", "Type": "CNAME", "AliasTarget": {"HostedZoneId": ID, "DNSName": "www.shop."}},
    {"Name": "t.shop.", "Type": "TXT", "TTL": 300, "ResourceRecords": [{"Value": '"_b.acm-validations.aws."'}]},
]


@pytest.fixture(scope="module")
def announced(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    app = configured_app(tmp_path_factory.mktemp("cdk.out"))
    own, others = cdk.Stack(app, "Own"), cdk.Stack(app, "Others")
    made = route53.PublicHostedZone(own, "Zone", zone_name="example.com")
    given = route53.HostedZone.from_hosted_zone_attributes(own, "Given", hosted_zone_id=ID, zone_name="example.org")
    later = route53.HostedZone.from_hosted_zone_attributes(
        others, "Later", hosted_zone_id=cdk.Fn.import_value("Zone"), zone_name="example.com"
    )
    theirs = DelegatedZone(
        zone_name="example.net", hosted_zone_id="Z1", role_arn="arn:aws:iam::444455556666:role/certificates"
    )
    announce_new_zones(Construct(own, "Certificate"), read_zones(own, [made, given, theirs], NAMES))
    announce_new_zones(Construct(others, "Certificate"), read_zones(others, [later, given, theirs], NAMES))
    assembly = app.synth().directory
    return {name: announcements(assembly, name, "info") for name in ("Own", "Others")}


def test_whoever_makes_the_zone_is_told_to_delegate_it_and_how_to_empty_it(announced: dict[str, list[str]]) -> None:
    (said,) = announced["Own"]
    assert said.startswith("this app makes the hosted zone of example.com: the deployment waits")
    assert all(command in said for command in REMOVE_RECORDS)


def test_zones_that_are_there_already_need_no_word(announced: dict[str, list[str]]) -> None:
    assert announced["Others"] == []


def test_the_commands_remove_what_acm_needed_and_nothing_else() -> None:
    listing, changing = (shlex.split(each)[1:] for each in REMOVE_RECORDS)
    asked = AwsCommand.parse(listing[: listing.index(">")], lambda path: path.encode())
    changes = jmespath.search(asked.query, {"ResourceRecordSets": RECORDS})
    command = AwsCommand.parse(changing, {"changes.json": json.dumps(changes).encode()}.__getitem__)
    assert (asked.operation, command.operation) == ("ListResourceRecordSets", "ChangeResourceRecordSets")
    assert command.parameters["ChangeBatch"] == {"Changes": [{"Action": "DELETE", "ResourceRecordSet": OF_ACM}]}
