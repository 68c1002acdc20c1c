"""The certificates of an app as a list."""

from typing import Any

from constructs_lib.certificates.own_tag import only_new_as_own, only_own
from constructs_lib.guardrails.served_certificates import GATE, IMPORTED, REQUESTED
from constructs_lib.inventory.certificate_list import CertificateList
from constructs_lib.inventory.listed_certificate import ListedCertificate, Permitted, Right
from tests.support.certificate_templates import (
    ELSEWHERE,
    certificate,
    distribution,
    from_stack,
    listener,
    resource,
    templates_of,
)

REGIONS = {"Edge": "us-east-1", "Shop": "eu-central-1"}
TAG = "cdk-key-management:certificate"
OPERATOR = "App/Operator"


def role(path: str, *statements: dict[str, Any]) -> dict[str, Any]:
    policy = {"PolicyName": "P", "PolicyDocument": {"Statement": list(statements)}}
    return resource("AWS::IAM::Role", f"{path}/Resource", Policies=[policy])


def allow(action: str, to: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": to, **more}


def listed(**stacks: dict[str, Any]) -> list[ListedCertificate]:
    return list(CertificateList(templates_of({name: REGIONS[name] for name in stacks}, **stacks)).listed())


def who(found: ListedCertificate, right: Right) -> list[str]:
    return [each.who for each in found.permitted[right]]


def test_a_certificate_is_told_with_what_serves_it_in_another_region() -> None:
    ((found),) = listed(
        Edge={"Cert": certificate("App/Cert/Resource")},
        Shop={"Site": distribution(from_stack("Edge", "Cert", "us-east-1"), "App/Site/Resource")},
    )

    assert (found.path, found.stack, found.region, found.account) == ("App/Cert", "Edge", "us-east-1", "111122223333")
    assert [(use.path, use.region) for use in found.uses] == [("App/Site", "eu-central-1")]
    assert "nothing in this app serves it" not in found.renewal


def test_the_alarms_about_its_expiry_are_told() -> None:
    dimension = {"Name": "CertificateArn", "Value": {"Ref": "Cert"}}
    alarm = resource("AWS::CloudWatch::Alarm", MetricName="DaysToExpiry", Threshold=30, Dimensions=[dimension])

    ((found),) = listed(Shop={"Cert": certificate(), "Alarm": alarm})
    ((unwatched),) = listed(Shop={"Cert": certificate()})

    assert (found.days_told, unwatched.days_told) == (("30",), ())


def test_one_that_nothing_serves_is_told_as_not_renewed() -> None:
    ((found),) = listed(Shop={"Cert": certificate()})

    assert found.uses == ()
    assert found.renewal.endswith("nothing in this app serves it, and ACM renews only what is in use")


def test_an_imported_one_that_nothing_serves_is_imported_again_all_the_same() -> None:
    ((found),) = listed(Shop={"Cert": resource(IMPORTED, Checks={"DOMAIN_NAMES": "example.com"})})

    assert "nothing in this app" not in found.renewal


def test_they_are_told_by_path_and_those_from_elsewhere_after_them() -> None:
    made = {
        "A": certificate("App/Zebra/Resource"),
        "B": certificate("App/Ant/Resource"),
        "C": listener(ELSEWHERE),
        "D": listener(ELSEWHERE),
        "E": listener({"Ref": "Parameter"}),
    }

    found = listed(Shop=made)

    assert [each.path for each in found] == ["App/Ant", "App/Zebra", "${Shop#Parameter}", ELSEWHERE]
    assert [len(each.uses) for each in found] == [0, 0, 1, 2]
    assert found[2].permitted == {}


def test_nobody_exports_what_acm_does_not_give_out() -> None:
    exporter = role(OPERATOR, allow("acm:ExportCertificate"))

    plain, exportable = (
        listed(Shop={"Cert": certificate(CertificateExport=said), "Role": exporter})[0]
        for said in ("DISABLED", "ENABLED")
    )

    assert who(plain, Right.EXPORT) == []
    assert who(exportable, Right.EXPORT) == [OPERATOR]


def test_who_may_delete_or_replace_is_told_each() -> None:
    made = {
        "Cert": resource(IMPORTED, Checks={}),
        "Deleter": role("App/Deleter", allow("acm:DeleteCertificate", {"Ref": "Cert"})),
        "Importer": role("App/Importer", allow("acm:ImportCertificate")),
    }

    ((found),) = listed(Shop=made)
    ((issued),) = listed(Shop={**made, "Cert": certificate()})

    assert (who(found, Right.DELETE), who(found, Right.REPLACE)) == (["App/Deleter"], ["App/Importer"])
    assert (who(issued, Right.DELETE), who(issued, Right.REPLACE)) == (["App/Deleter"], [])


def test_the_tag_of_a_certificate_tells_whose_function_may_delete_it() -> None:
    def own(name: str) -> dict[str, Any]:
        return allow("acm:DeleteCertificate", Condition={"StringEquals": {f"aws:ResourceTag/{TAG}": name}})

    made = {
        name: resource(REQUESTED, f"App/{name}/Resource", DomainName="example.com", Tags=[{"Key": TAG, "Value": name}])
        for name in ("One", "Two")
    }
    functions = {f"{name}Role": role(f"App/{name}Function", own(name)) for name in made}

    found = listed(Shop={**made, **functions})

    assert [who(each, Right.DELETE) for each in found] == [["App/OneFunction"], ["App/TwoFunction"]]


def test_a_function_may_also_delete_what_carries_no_tag_of_this_library() -> None:
    def function(name: str) -> dict[str, Any]:
        return role(
            f"App/{name}Function",
            allow("acm:AddTagsToCertificate", Condition=only_new_as_own(name)),
            allow("acm:DeleteCertificate", Condition=only_own(name)),
        )

    def tagged(name: str, kind: str) -> dict[str, Any]:
        return resource(kind, f"App/{name}/Resource", DomainName="example.com", Tags=[{"Key": TAG, "Value": name}])

    found = listed(
        Shop={
            "Native": tagged("Native", "AWS::CertificateManager::Certificate"),
            "Ours": tagged("Ours", REQUESTED),
            "Plain": certificate("App/Plain/Resource"),
            "Https": listener(ELSEWHERE),
            "OursRole": function("Ours"),
        }
    )

    native, ours, plain, elsewhere = (each.permitted[Right.DELETE] for each in found)
    first = (f"{TAG}=Ours",)
    assert (native, ours) == ((), (Permitted("App/OursFunction"),))
    assert [(each.who, each.after_tags) for each in plain] == [("App/OursFunction", first)]
    ((foreign),) = elsewhere
    assert (foreign.who, foreign.after_tags) == ("App/OursFunction", first)
    assert f"StringEqualsIfExists aws:ResourceTag/{TAG} Ours" in foreign.only_if


def test_what_is_served_and_allowed_through_a_gate_is_of_the_certificate_behind_it() -> None:
    made = {
        "Cert": resource(REQUESTED, DomainName="example.com"),
        "Gate": resource(GATE, CertificateArn={"Ref": "Cert"}),
        "Https": listener({"Ref": "Gate"}),
        "Role": role(OPERATOR, allow("acm:DeleteCertificate", {"Ref": "Gate"})),
    }

    ((found),) = listed(Shop=made)

    assert [use.path for use in found.uses] == ["Https of stack Shop"]
    assert who(found, Right.DELETE) == [OPERATOR]


def test_of_an_imported_one_the_secret_is_told_and_who_reads_and_writes_it() -> None:
    made = {
        "Cert": resource(IMPORTED, Checks={"SECRET_ARN": {"Ref": "Secret"}, "DOMAIN_NAMES": "example.com"}),
        "Secret": resource("AWS::SecretsManager::Secret", "App/Secret/Resource", Name="shop/certificate"),
        "Reader": role("App/Reader", allow("secretsmanager:GetSecretValue", {"Ref": "Secret"})),
        "Writer": role(
            "App/Writer", allow("secretsmanager:PutSecretValue", "arn:aws:secretsmanager:*:*:secret:shop/*")
        ),
    }

    ((found),) = listed(Shop=made)

    assert found.secret == "App/Secret"
    assert (who(found, Right.READ_KEY), who(found, Right.SUPPLY)) == (["App/Reader"], ["App/Writer"])


def test_a_secret_of_elsewhere_is_told_by_its_arn() -> None:
    arn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:shop/certificate-AbCdEf"
    reader = role("App/Reader", allow("secretsmanager:GetSecretValue", arn))

    ((found),) = listed(Shop={"Cert": resource(IMPORTED, Checks={"SECRET_ARN": arn}), "Role": reader})

    assert found.secret == arn
    assert found.permitted[Right.READ_KEY] == (Permitted("App/Reader"),)
