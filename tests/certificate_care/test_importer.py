import json
import logging
import re
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certificate_care.errors import (
    AccessDenied,
    CertificateRefused,
    Misconfigured,
    Unavailable,
)
from certificate_care.importer import Importer
from tests.support.fake_secrets_manager import SECRET_ARN, FakeSecretsManager, FakeVersion
from tests.support.imports_in_memory import (
    CERTIFICATE_ARN,
    TAGS,
    FakeImports,
    ImportsInMemory,
    renewed,
    secret_text,
)
from tests.support.made_certificates import NAMES, NOW, Lineage, Template, made
from tests.support.wrong_certificates import RIGHT_REPLACEMENTS, WRONG, WRONG_REPLACEMENTS, replacement, secrets_of

QUIET = {"ImportRefused": 0, "Imported": 0, "ExpiresEarlier": 0}


@cache
def wrong_value(name: str) -> str:
    return WRONG[name][0]()


@pytest.fixture
def good() -> Lineage:
    return Lineage.of()


@pytest.fixture
def scene(good: Lineage) -> ImportsInMemory:
    return ImportsInMemory(secret_text(good))


def test_imports_first_with_tags_and_tells_cloudformation_the_arn(scene: ImportsInMemory, good: Lineage) -> None:
    answer = scene.request("Create")

    [(arn, held)] = scene.acm.held.items()
    assert (answer["Status"], answer["PhysicalResourceId"], answer["Data"]) == ("SUCCESS", arn, {"CertificateArn": arn})
    assert held.certificate.decode() == good.leaf.pem
    assert held.chain.decode() == good.intermediate.pem
    assert held.private_key.decode() == good.leaf.key_pem()
    assert held.tags == TAGS
    assert scene.metrics() == QUIET | {"Imported": 1}
    assert scene.lines[-1]["CertificateArn"] == arn


def test_the_log_says_for_what_else_a_certificate_speaks(
    scene: ImportsInMemory, good: Lineage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "certificate_care")
    arn = scene.import_first()
    scene.put(secret_text(good.with_leaf(names=[*NAMES, "a.shop.example.com", "*.com", "other\n.example"])))

    assert scene.event(arn) == {"happened": ["Imported"]}

    assert [each for each in caplog.messages if each.startswith("imported until ")] == [
        "imported until 2027-02-10T12:00:00+00:00",
        "imported until 2027-02-10T12:00:00+00:00, for further names: *.com, other?.example",
    ]


@pytest.mark.parametrize("is_there", [True, False], ids=["another value", "no secret any more"])
def test_the_log_says_that_the_secret_changed_during_the_first_import(
    scene: ImportsInMemory,
    good: Lineage,
    caplog: pytest.LogCaptureFixture,
    is_there: bool,  # noqa: FBT001
) -> None:
    def meanwhile() -> None:
        scene.acm.before_import = lambda: None
        if is_there:
            scene.put(secret_text(renewed(good)))
        else:
            scene.secrets.secrets = {}

    scene.acm.before_import = meanwhile
    arn = scene.import_first()

    [told] = [each for each in caplog.records if each.levelno == logging.WARNING]
    assert told.getMessage() == "secret changed during the first import: the schedule imports what is newer"
    current = "version-2".ljust(32, "-") if is_there else "CertificateRefused"
    assert vars(told)["current_version"] == current != vars(told)["imported_version"]
    assert scene.acm.held[arn].certificate.decode() == good.leaf.pem


def test_the_log_warns_of_no_change_where_there_was_none(
    scene: ImportsInMemory, caplog: pytest.LogCaptureFixture
) -> None:
    scene.import_first()

    assert [each for each in caplog.records if each.levelno >= logging.WARNING] == []


def test_imports_again_over_the_same_arn_without_tags(scene: ImportsInMemory, good: Lineage) -> None:
    arn, other = scene.import_first(), renewed(good)
    scene.put(secret_text(other))

    assert scene.event(arn) == {"happened": ["Imported"]}

    [(kept, held)] = scene.acm.held.items()
    assert kept == arn
    assert held.certificate.decode() == other.leaf.pem
    assert held.private_key.decode() == other.leaf.key_pem()
    assert held.tags == TAGS
    assert scene.metrics() == QUIET | {"Imported": 1}


def test_imports_nothing_that_is_there_already(scene: ImportsInMemory) -> None:
    arn = scene.import_first()

    assert scene.event(arn) == {"happened": []}
    assert scene.acm.calls == ["ImportCertificate", "GetCertificate"]
    assert scene.metrics() == QUIET


def test_imports_another_chain_of_the_same_certificate(scene: ImportsInMemory, good: Lineage) -> None:
    arn, chain = scene.import_first(), good.intermediate.pem + good.root.pem
    scene.put(secret_text(good, certificate_chain=chain))

    assert scene.event(arn) == {"happened": ["Imported"]}
    assert scene.acm.held[arn].chain.decode() == chain


@pytest.mark.parametrize("wrong", WRONG)
def test_refuses_a_wrong_one_and_leaves_the_one_in_service(
    wrong: str, scene: ImportsInMemory, caplog: pytest.LogCaptureFixture
) -> None:
    arn, value = scene.import_first(), wrong_value(wrong)
    in_service, calls = repr(vars(scene.acm.held[arn])), len(scene.acm.calls)
    scene.put(value)
    caplog.set_level(logging.DEBUG)

    with pytest.raises(CertificateRefused) as refused:
        scene.event(arn)
    answer = scene.request("Update", arn, OldResourceProperties={"Tags": TAGS, "Checks": {"SECRET_ARN": "another"}})

    assert repr(vars(scene.acm.held[arn])) == in_service
    assert "ImportCertificate" not in scene.acm.calls[calls:]
    assert WRONG[wrong][1] in str(refused.value)
    assert (answer["Status"], answer["PhysicalResourceId"], answer["Reason"]) == ("FAILED", arn, str(refused.value))
    assert [each.get("ImportRefused") for each in scene.lines] == [0, 1, 1]
    told = [str(refused.value), json.dumps(scene.answers), json.dumps(scene.lines)]
    told += [repr(vars(each)) for each in caplog.records]
    assert (refused.value.__cause__, refused.value.__context__) == (None, None)
    assert not any(secret in text for secret in secrets_of(value) for text in told)


@pytest.mark.parametrize("wrong", WRONG_REPLACEMENTS)
def test_refuses_a_replacement_that_acm_would_not_take_and_does_not_even_ask_it(wrong: str) -> None:
    *both, reason = WRONG_REPLACEMENTS[wrong]
    former, new = replacement(*both)
    scene = ImportsInMemory(former)
    arn = scene.import_first()
    scene.put(new)

    with pytest.raises(CertificateRefused, match=re.escape(reason)):
        scene.event(arn)
    answer = scene.request("Update", arn)

    assert scene.acm.calls.count("ImportCertificate") == 1
    assert scene.acm.held[arn].certificate.decode() == json.loads(former)["certificate"]
    assert scene.metrics() == QUIET | {"ImportRefused": 1}
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("SUCCESS", arn)  # what serves is right


@pytest.mark.parametrize("right", RIGHT_REPLACEMENTS)
def test_imports_a_replacement_that_acm_takes(right: str) -> None:
    former, new = replacement(*RIGHT_REPLACEMENTS[right])
    scene = ImportsInMemory(former)
    arn = scene.import_first()
    scene.put(new)

    assert scene.event(arn) == {"happened": ["Imported"]}
    assert scene.acm.held[arn].certificate.decode() == json.loads(new)["certificate"]


@pytest.mark.parametrize("wrong", ["expired", "no intermediate", "the key of another certificate"])
def test_refuses_a_wrong_first_one_and_makes_nothing(wrong: str) -> None:
    scene = ImportsInMemory(wrong_value(wrong))

    answer = scene.request("Create")

    assert answer["Status"] == "FAILED"
    assert WRONG[wrong][1] in answer["Reason"]
    assert scene.acm.held == {}
    assert scene.lines == []
    assert scene.request("Delete", answer["PhysicalResourceId"])["Status"] == "SUCCESS"
    assert scene.acm.calls == []


GOOD = tuple(f"good until day {days}" for days in (20, 50, 90))


@cache
def value_of(name: str) -> str:
    if name not in GOOD:
        return wrong_value(name)
    return secret_text(renewed(Lineage.of(), by_days=int(name.rpartition(" ")[2]) - 80))


@given(st.lists(st.sampled_from([*GOOD, *GOOD, *GOOD, *WRONG]), min_size=1, max_size=8))
@settings(max_examples=25, deadline=None)
def test_whatever_is_put_the_last_right_one_serves(puts: list[str]) -> None:
    scene = ImportsInMemory(secret_text(Lineage.of()))
    arn = scene.import_first()
    right = scene.value
    for number, name in enumerate(puts, start=2):
        scene.put(value_of(name), number=number)
        if name in GOOD:
            scene.event(arn)
            right = value_of(name)
        else:
            with pytest.raises(CertificateRefused):
                scene.event(arn)

        fields = json.loads(str(right))
        held = scene.acm.held[arn]
        assert held.certificate.decode() == fields["certificate"]
        assert held.chain.decode() == fields["certificate_chain"]
        assert held.private_key.decode() == fields["private_key"]


def test_a_certificate_that_ends_before_the_former_one_is_imported_and_told_of(
    scene: ImportsInMemory, good: Lineage
) -> None:
    arn = scene.import_first()
    scene.put(secret_text(renewed(good, by_days=-30)))

    assert scene.event(arn) == {"happened": ["ExpiresEarlier", "Imported"]}
    assert scene.metrics() == {"ImportRefused": 0, "Imported": 1, "ExpiresEarlier": 1}


def test_what_serves_is_not_refused_for_its_last_days_but_when_it_expired(scene: ImportsInMemory) -> None:
    arn = scene.import_first()
    scene.now = NOW + timedelta(days=79)

    assert scene.event(arn) == {"happened": []}
    scene.now = NOW + timedelta(days=81)
    with pytest.raises(CertificateRefused, match="expired on"):
        scene.event(arn)


def test_an_event_that_comes_late_imports_what_is_newest(scene: ImportsInMemory, good: Lineage) -> None:
    arn, second, third = scene.import_first(), renewed(good), renewed(good, by_days=90)
    scene.put(secret_text(second))
    scene.put(secret_text(third), number=3)

    assert scene.event(arn) == {"happened": ["Imported"]}
    assert scene.event(arn) == {"happened": []}
    assert scene.acm.held[arn].certificate.decode() == third.leaf.pem


def test_of_two_at_the_same_time_the_slower_one_leaves_nothing_old(scene: ImportsInMemory, good: Lineage) -> None:
    arn, second, third = scene.import_first(), renewed(good), renewed(good, by_days=90)
    scene.put(secret_text(second))

    def meanwhile() -> None:
        scene.acm.before_import = lambda: None
        scene.put(secret_text(third), number=3)
        assert scene.event(arn) == {"happened": ["Imported"]}

    scene.acm.before_import = meanwhile  # the first one has read the second version, and comes after the third

    assert scene.event(arn) is not None
    assert scene.acm.held[arn].certificate.decode() == third.leaf.pem
    assert scene.acm.calls.count("ImportCertificate") == 4


def test_gives_up_where_the_secret_changes_all_the_time(scene: ImportsInMemory, good: Lineage) -> None:
    arn, numbers = scene.import_first(), iter(range(3, 20))

    def another() -> None:
        number = next(numbers)
        scene.put(secret_text(renewed(good, by_days=number)), number=number)

    scene.acm.before_import = another
    scene.put(secret_text(renewed(good)))

    with pytest.raises(Unavailable, match="got 3 versions"):
        scene.event(arn)


def only_pending(scene: ImportsInMemory) -> None:
    secret = scene.secrets.secrets[SECRET_ARN]
    secret.versions = {"new": FakeVersion(secret_text(renewed(Lineage.of())), {"AWSPENDING"})}


def no_value(scene: ImportsInMemory) -> None:
    scene.secrets.secrets[SECRET_ARN].versions = {}


def no_secret(scene: ImportsInMemory) -> None:
    scene.secrets.secrets = {}


def binary(scene: ImportsInMemory) -> None:
    scene.put(b"\x00\x01")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param(only_pending, "have a value that is labelled AWSCURRENT, got none", id="only a pending value"),
        pytest.param(no_value, "have a value that is labelled AWSCURRENT, got none", id="no value"),
        pytest.param(no_secret, "must exist and have a value", id="no secret"),
        pytest.param(binary, "must hold a text", id="bytes"),
    ],
)
def test_refuses_a_secret_without_a_current_text(
    scene: ImportsInMemory, change: Callable[[ImportsInMemory], None], reason: str
) -> None:
    arn = scene.import_first()
    change(scene)

    with pytest.raises(CertificateRefused, match=reason):
        scene.event(arn)
    assert scene.metrics() == QUIET | {"ImportRefused": 1}


@pytest.mark.parametrize(
    ("code", "kind", "reason"),
    [
        ("ValidationException", CertificateRefused, "got acm:ImportCertificate refused: ValidationException: said ACM"),
        ("LimitExceededException", AccessDenied, "must have room for another imported certificate"),
        ("AccessDeniedException", AccessDenied, "acm:ImportCertificate must be allowed"),
        ("ThrottlingException", Unavailable, "acm:ImportCertificate must be answered now"),
    ],
)
def test_says_what_acm_refuses(
    code: str, kind: type[Exception], reason: str, scene: ImportsInMemory, good: Lineage
) -> None:
    arn = scene.import_first()
    scene.put(secret_text(renewed(good)))
    scene.acm.refusals["ImportCertificate"] = [code]

    with pytest.raises(kind, match=reason):
        scene.event(arn)
    assert scene.acm.held[arn].certificate.decode() == good.leaf.pem
    assert scene.metrics()["ImportRefused"] == int(kind is CertificateRefused)


def test_says_nothing_of_acm_that_may_be_a_piece_of_a_key(scene: ImportsInMemory, good: Lineage) -> None:
    arn, other = scene.import_first(), renewed(good)
    scene.put(secret_text(other))
    scene.acm.refusals["ImportCertificate"] = ["ValidationException"]
    [piece, *_] = secrets_of(secret_text(other))
    scene.acm.message = f"Value {piece} is no key"

    with pytest.raises(CertificateRefused, match=r"got acm:ImportCertificate refused$") as refused:
        scene.event(arn)
    assert piece not in str(refused.value)


def test_an_update_imports_what_changed_and_keeps_the_arn(scene: ImportsInMemory, good: Lineage) -> None:
    arn, other = scene.import_first(), renewed(good)
    scene.put(secret_text(other))

    answer = scene.request("Update", arn)

    assert (answer["Status"], answer["PhysicalResourceId"]) == ("SUCCESS", arn)
    assert scene.acm.held[arn].certificate.decode() == other.leaf.pem


def test_an_update_demands_what_is_told_now_and_leaves_what_serves(scene: ImportsInMemory, good: Lineage) -> None:
    arn = scene.import_first()
    scene.variables = {"DOMAIN_NAMES": "shop.example.com,other.example.com"}

    answer = scene.request("Update", arn)

    assert answer["Status"] == "FAILED"
    assert "certificate must cover other.example.com" in answer["Reason"]
    assert scene.acm.held[arn].certificate.decode() == good.leaf.pem


def test_an_update_imports_anew_what_somebody_deleted(scene: ImportsInMemory) -> None:
    arn = scene.import_first()
    del scene.acm.held[arn]

    answer = scene.request("Update", arn)

    assert answer["Status"] == "SUCCESS"
    assert answer["PhysicalResourceId"] != arn
    assert scene.acm.held[answer["PhysicalResourceId"]].tags == TAGS


def test_an_update_passes_over_tags_that_acm_would_not_take(scene: ImportsInMemory) -> None:
    arn = scene.import_first()

    answer = scene.request("Update", arn, ResourceProperties={"Tags": [{"Key": "team", "Value": "shop"}]})

    assert answer["Status"] == "SUCCESS"
    assert scene.acm.held[arn].tags == TAGS


def test_an_update_is_rolled_back_though_the_secret_holds_a_wrong_one(scene: ImportsInMemory, good: Lineage) -> None:
    arn = scene.import_first()
    scene.put(wrong_value("expired"))
    scene.variables = {"DOMAIN_NAMES": "other.example.com"}
    forth = scene.request("Update", arn)
    scene.variables = {}
    back = scene.request("Update", arn)

    assert (forth["Status"], back["Status"], back["PhysicalResourceId"]) == ("FAILED", "SUCCESS", arn)
    assert scene.acm.held[arn].certificate.decode() == good.leaf.pem
    assert [each["ImportRefused"] for each in scene.lines] == [0, 1, 1]


def test_an_update_to_a_secret_that_holds_a_wrong_one_fails(scene: ImportsInMemory, good: Lineage) -> None:
    arn = scene.import_first()
    scene.put(wrong_value("expired"))

    answer = scene.request("Update", arn, ResourceProperties={"Tags": TAGS, "Checks": {"SECRET_ARN": SECRET_ARN}})

    assert answer["Status"] == "FAILED"
    assert "expired on" in answer["Reason"]
    assert scene.acm.held[arn].certificate.decode() == good.leaf.pem


@pytest.mark.parametrize("tags", [None, [], "a", [{"Key": "a"}], ["a"]], ids=str)
def test_refuses_a_first_import_without_tags(scene: ImportsInMemory, tags: object) -> None:
    answer = scene.request("Create", ResourceProperties={"Tags": tags})

    assert answer["Status"] == "FAILED"
    assert "Tags must be a list" in answer["Reason"]
    assert scene.acm.held == {}


def test_deletes_what_cloudformation_deletes(scene: ImportsInMemory) -> None:
    arn = scene.import_first()

    assert scene.request("Delete", arn)["Status"] == "SUCCESS"
    assert scene.acm.held == {}
    assert scene.request("Delete", arn)["Status"] == "SUCCESS"


def test_says_what_uses_a_certificate_that_is_to_be_deleted(scene: ImportsInMemory) -> None:
    arn = scene.import_first()
    scene.acm.held[arn].in_use_by = ["arn:aws:elasticloadbalancing:eu-central-1:111122223333:loadbalancer/app/shop/1"]

    answer = scene.request("Delete", arn)

    assert answer["Status"] == "FAILED"
    assert "loadbalancer/app/shop/1" in answer["Reason"]


def test_says_what_to_do_where_iam_sees_no_tag_of_what_is_gone(scene: ImportsInMemory) -> None:
    scene.acm.refusals["DeleteCertificate"] = ["AccessDeniedException"]

    answer = scene.request("Delete", CERTIFICATE_ARN)

    assert answer["Status"] == "FAILED"
    assert answer["Reason"].startswith("acm:DeleteCertificate must be allowed, got AccessDeniedException")
    assert answer["Reason"].endswith("; if somebody deleted it already, let CloudFormation retain it")


def test_tells_an_event_whose_certificate_is_gone_what_to_do(scene: ImportsInMemory) -> None:
    with pytest.raises(Unavailable, match="must be in ACM, got none: an update of its stack imports it again"):
        scene.event(CERTIFICATE_ARN)


def test_cloudformation_hears_of_wrong_settings() -> None:
    scene = ImportsInMemory("", variables={"LEAST_DAYS_LEFT": "many"})

    assert scene.request("Create")["Reason"] == "LEAST_DAYS_LEFT must be 0 to 365, got 'many'"


def test_reads_trust_anchors_from_the_deployed_code(tmp_path: Path, good: Lineage) -> None:
    (tmp_path / "anchors.pem").write_text(made(Template.authority("Other")).pem)
    scene = ImportsInMemory(secret_text(good), variables={"TRUST_ANCHORS": "anchors.pem"}, code=tmp_path)

    assert "must be signed by a trust anchor (CN=Other)" in scene.request("Create")["Reason"]
    (tmp_path / "anchors.pem").write_text(good.root.pem)
    assert scene.import_first()


@pytest.mark.parametrize("content", [None, b"\xff"], ids=["no file", "no text"])
def test_refuses_trust_anchors_that_cannot_be_read(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "anchors.pem").write_bytes(content)
    variables = {"SECRET_ARN": SECRET_ARN, "DOMAIN_NAMES": NAMES[0], "TRUST_ANCHORS": "anchors.pem"}

    with pytest.raises(Misconfigured, match="trust_anchors must be a file of the code"):
        Importer.of(variables, secrets=FakeSecretsManager({}), acm=FakeImports(), code=tmp_path)
