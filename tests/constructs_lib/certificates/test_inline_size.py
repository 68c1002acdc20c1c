import json
import re
from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

from constructs_lib.certificates.inline_size import MOST_INLINE, OF_EVERY_FUNCTION, check_inline_size
from constructs_lib.certificates.requesting_function import RequestingFunction
from constructs_lib.certificates.validation import DelegatedZone, dns_validation
from constructs_lib.certificates.validation_zones import ReadZone
from constructs_lib.certificates.wanted_certificate import Export, WantedCertificate
from constructs_lib.errors import ConfigurationError
from constructs_lib.functions.function_settings import read_function_settings
from constructs_lib.managed_certificate import ManagedCertificate
from constructs_lib.wiring.certificate_facts import KeyAlgorithm
from tests.conftest import configured_app
from tests.support.synthesised import Json, resources, template_of, written

HERE = cdk.Environment(account="111122223333", region="eu-central-1")
REAL = {"${AWS::Partition}": "aws-us-gov", "${AWS::Region}": "us-gov-west-1", "${AWS::AccountId}": "111122223333"}
LONGEST_LOG_GROUP_ARN = len("arn:aws-us-gov:logs:ap-southeast-1:111122223333:log-group::*") + 512


def policies_of(scope: cdk.Stack, length: int) -> list[iam.Policy]:
    """Two policies that have so many characters together."""
    statements = [iam.PolicyStatement(actions=["acm:DescribeCertificate"], resources=["r"]) for _ in range(2)]
    empty = sum(len(json.dumps(written_document(each), separators=(",", ":"))) for each in statements)
    statements[1] = iam.PolicyStatement(actions=["acm:DescribeCertificate"], resources=["r" * (1 + length - empty)])
    return [iam.Policy(scope, f"Policy{number}", statements=[each]) for number, each in enumerate(statements)]


def written_document(statement: iam.PolicyStatement) -> object:
    return {"Statement": [statement.to_json()], "Version": "2012-10-17"}


def test_the_last_character_of_all_policies_together_counts() -> None:
    first, second = (cdk.Stack(cdk.App(), name) for name in ("First", "Second"))
    check_inline_size(policies_of(first, MOST_INLINE - OF_EVERY_FUNCTION))
    with pytest.raises(
        ConfigurationError, match=r"alternative_names must be .* at most 9240 characters, got 9241: use"
    ):
        check_inline_size(policies_of(second, MOST_INLINE - OF_EVERY_FUNCTION + 1))


def test_what_is_known_only_at_deployment_counts_as_long_as_it_may_become() -> None:
    partition, known = (
        iam.PolicyStatement(actions=["acm:DescribeCertificate"], resources=[f"arn:{each}:x"])
        for each in (cdk.Aws.PARTITION, "aws-us-gov")
    )
    rest = MOST_INLINE - OF_EVERY_FUNCTION - len(json.dumps(written_document(known), separators=(",", ":")))
    for name, more in (("Fits", 0), ("TooLong", 1)):
        stack = cdk.Stack(cdk.App(), name)
        policies = [*policies_of(stack, rest + more), iam.Policy(stack, "Policy", statements=[partition])]
        if not more:
            check_inline_size(policies)
    with pytest.raises(ConfigurationError, match="got 9241"):
        check_inline_size(policies)


def requesting(stack: cdk.Stack, *, names: int) -> None:
    told = tuple(f"{number:02}.{'a' * 60}.{'b' * 60}.example.com" for number in range(names))
    zone = ReadZone(zone_name="example.com", hosted_zone_id="Z1", identity="Z1", delegated=None, domain_names=told)
    RequestingFunction(
        stack,
        "Request",
        wanted=WantedCertificate(domain_names=told, key_algorithm=KeyAlgorithm.ECDSA_P256, export=Export.NEVER),
        zones=[zone],
        tag_value="Shop/Certificate",
        operations_key=kms.Key(stack, "LogKey"),
        settings=read_function_settings({}),
    )


def test_what_is_just_let_through_fits_into_the_role(tmp_path: Path) -> None:
    app = configured_app(tmp_path)
    with pytest.raises(ConfigurationError, match="alternative_names must be so few and short"):
        requesting(cdk.Stack(app, "Beyond"), names=16)
    app.node.try_remove_child("Beyond")
    stack = cdk.Stack(app, "S" * 128)
    requesting(stack, names=15)
    template = template_of(stack)
    policies = resources(template, "AWS::IAM::Policy").values()
    documents = [written(each["Properties"]["PolicyDocument"]) for each in policies]
    said = "".join(json.dumps(each, separators=(",", ":")) for each in documents)
    for variable, value in REAL.items():
        said = said.replace(variable, value)
    assert len(documents) == len(("request", "own", "records", "log", "traces"))
    assert re.findall(r"\$\{.*?\}", said) == [found := f"${{{only_log_group(template)}.Arn}}"]
    assert len(said) - len(found) + LONGEST_LOG_GROUP_ARN <= MOST_INLINE


def only_log_group(template: Json) -> str:
    ((name, _),) = resources(template, "AWS::Logs::LogGroup").items()
    return name


def test_refuses_names_of_which_iam_takes_no_permissions() -> None:
    stack = cdk.Stack(cdk.App(context={"aws:cdk:bundling-stacks": []}), "Shop", env=HERE)
    zone = DelegatedZone(
        zone_name="example.com", hosted_zone_id="Z1", role_arn="arn:aws:iam::444455556666:role/certificates"
    )
    with pytest.raises(ConfigurationError, match="alternative_names must be so few and short that IAM takes"):
        ManagedCertificate(
            stack,
            "Certificate",
            domain_name="example.com",
            alternative_names=[f"{number}.{'a' * 60}.{'b' * 60}.{'c' * 60}.example.com" for number in range(60)],
            most_names=100,
            validation=dns_validation(zone),
            operations_key=kms.Key(stack, "LogKey"),
        )
