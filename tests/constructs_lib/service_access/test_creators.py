"""What whoever creates an encrypted resource needs of the key, through the service."""

import json
import os
from pathlib import Path

import pytest

from constructs_lib.actions import CREATE_GRANT
from constructs_lib.errors import ConfigurationError
from constructs_lib.guardrails.created_with_keys import CREATED_WITH_KEYS
from constructs_lib.principals import Principal
from constructs_lib.service_access.creators import (
    CREATORS,
    UNKNOWN_CREATOR,
    Grants,
    creator_of,
    creator_statements,
)
from constructs_lib.service_access.known_services import KNOWN_SERVICES
from tests.support.service_rows.all_rows import ROWS

PUBLISHED = Path(__file__).resolve().parents[4] / "shared" / "data" / "cloudformation-handler-permissions.json"
DEPLOYER = Principal.by_arn("arn:aws:iam::111122223333:role/Deployer")
REGION = "eu-west-1"

# CloudFormation's namespaces whose types are created through these services.
NAMESPACES = {
    "aoss": "OpenSearchServerless",
    "backup": "Backup",
    "cloudtrail": "CloudTrail",
    "docdb-elastic": "DocDBElastic",
    "dsql": "DSQL",
    "dynamodb": "DynamoDB",
    "ec2": "EC2",
    "ecr": "ECR",
    "eks": "EKS",
    "elasticfilesystem": "EFS",
    "es": "OpenSearchService",
    "events": "Events",
    "firehose": "KinesisFirehose",
    "fsx": "FSx",
    "glue": "Glue",
    "kafka": "MSK",
    "kinesis": "Kinesis",
    "lambda": "Lambda",
    "logs": "Logs",
    "rds": "RDS",
    "redshift": "Redshift",
    "s3": "S3",
    "secretsmanager": "SecretsManager",
    "sns": "SNS",
    "sqs": "SQS",
    "ssm": "SSM",
    "states": "StepFunctions",
}
NOT_ABOUT_ONE_KEY = "no key policy gives it"
NOT_AN_ACTION = "there is no such action; ReEncryptFrom and ReEncryptTo stand beside it"
OTHER_SERVICE = "the type calls KMS through a service of its own, which nobody documents"
ADMINISTERS = "whoever deploys a key administers it or is let in by the account's IAM"
SIGNS = "AWS's pages ask this for Route 53 alone, and no condition would keep a deployer from signing for himself"
NO_USE = "the catalogue has no use of it"
# The namespaces of the services that the catalogue is for, beside those of the creators above.
OTHER_NAMESPACES = ("AutoScaling", "CloudFront", "CloudWatch", "Route53")
EXCUSED = {
    ("AWS::DynamoDB::GlobalTable", "kms:ListAliases"): NOT_ABOUT_ONE_KEY,
    ("AWS::DynamoDB::GlobalTable", "kms:RevokeGrant"): ADMINISTERS,
    ("AWS::DynamoDB::Table", "kms:ListAliases"): NOT_ABOUT_ONE_KEY,
    ("AWS::DynamoDB::Table", "kms:RevokeGrant"): ADMINISTERS,
    ("AWS::Events::EventBus", "kms:ReEncrypt"): NOT_AN_ACTION,
    ("AWS::KinesisFirehose::DeliveryStream", "kms:RevokeGrant"): ADMINISTERS,
    ("AWS::Glue::Integration", "kms:CreateGrant"): OTHER_SERVICE,
    ("AWS::Glue::Integration", "kms:DescribeKey"): OTHER_SERVICE,
    ("AWS::RDS::CustomDBEngineVersion", "kms:Decrypt"): OTHER_SERVICE,
    ("AWS::RDS::CustomDBEngineVersion", "kms:GenerateDataKey"): OTHER_SERVICE,
    ("AWS::RDS::CustomDBEngineVersion", "kms:ReEncrypt"): OTHER_SERVICE,
    **{
        (f"AWS::EC2::VerifiedAccess{kind}", f"kms:{action}"): OTHER_SERVICE
        for kind in ("Endpoint", "Group", "TrustProvider")
        for action in ("GenerateDataKey", "RetireGrant")
    },
    **{
        (f"AWS::Route53::{kind}", f"kms:{action}"): SIGNS
        for kind in ("DNSSEC", "KeySigningKey")
        for action in ("CreateGrant", "DescribeKey", "GetPublicKey", "Sign")
    },
}
NOT_WATCHED = {
    "AWS::EC2::VerifiedAccessEndpoint": OTHER_SERVICE,
    "AWS::EC2::VerifiedAccessGroup": OTHER_SERVICE,
    "AWS::EC2::VerifiedAccessTrustProvider": OTHER_SERVICE,
    "AWS::Events::Connection": NO_USE,
    "AWS::Lambda::CapacityProvider": NO_USE,
    "AWS::RDS::CustomDBEngineVersion": OTHER_SERVICE,
    "AWS::RDS::Integration": NO_USE,
    "AWS::Route53::DNSSEC": SIGNS,
    "AWS::Route53::KeySigningKey": SIGNS,
}
"""Types of the catalogue's services whose creators no rule asks the key about."""


def _published() -> dict[str, dict[str, list[str]]]:
    # The file is AWS's and stays outside; only a clone that stands alone does without it.
    if not PUBLISHED.exists():
        assert "REQUIRE_PUBLISHED_VECTORS" not in os.environ
        return {}
    published: dict[str, dict[str, list[str]]] = json.loads(PUBLISHED.read_text())
    return published


def _declared() -> dict[tuple[str, str], str]:
    """Give each KMS action that a handler needs which changes something, with the service through which it is called.

    The service is empty for those without a creator.
    """
    services = {namespace: service for service, namespace in NAMESPACES.items()} | dict.fromkeys(OTHER_NAMESPACES, "")
    return {
        (resource_type, action): services[namespace]
        for resource_type, handlers in _published().items()
        if (namespace := resource_type.split("::")[1]) in services
        for handler in ("create", "update", "delete")
        for action in handlers.get(handler, ())
        if action.startswith("kms:")
    }


def _gives(service: str, action: str) -> bool:
    if not service:
        return False
    creator = CREATORS[service]
    return creator.grants is not Grants.NONE if action == CREATE_GRANT else action in creator.actions


def test_creators_have_what_the_handlers_of_cloudformation_declare() -> None:
    declared = _declared()
    missing = {each for each, service in declared.items() if not _gives(service, each[1])}

    assert missing == (set(EXCUSED) if declared else set())


# What else may be encrypted for the users of the catalogue's services, by the names that CloudFormation gives them.
OF_THE_CATALOGUE = {
    *OTHER_NAMESPACES,
    *(NAMESPACES[row.use.creator] for row in ROWS if row.use.creator),
}


def test_whatever_needs_a_key_to_be_created_is_watched() -> None:
    created = {kind for kind, _ in _declared() if kind.split("::")[1] in OF_THE_CATALOGUE}

    assert created - set(CREATED_WITH_KEYS) == (set(NOT_WATCHED) if created else set())


def test_every_creator_is_compared() -> None:
    assert set(NAMESPACES) == set(CREATORS)


def test_every_creator_is_a_known_service_and_has_a_page() -> None:
    assert set(CREATORS) <= set(KNOWN_SERVICES)
    for creator in CREATORS.values():
        assert creator.page.startswith("https://docs.aws.amazon.com/")
        assert creator.actions
        assert len(creator.actions) == len(set(creator.actions))
        assert CREATE_GRANT not in creator.actions


def test_every_row_of_the_catalogue_names_a_creator_that_exists() -> None:
    assert {row.use.creator for row in ROWS} - {""} <= set(CREATORS)


@pytest.mark.parametrize("service", ["events", "kinesis", "logs", "s3", "secretsmanager", "sns", "sqs", "states"])
def test_services_that_call_for_each_request_are_given_no_grants(service: str) -> None:
    assert CREATORS[service].grants is Grants.NONE


def test_only_eks_makes_grants_that_are_not_for_an_aws_resource() -> None:
    assert [name for name, creator in CREATORS.items() if creator.grants is Grants.UNMARKED] == ["eks"]


def test_a_known_service_without_a_row_is_given_the_general_set() -> None:
    assert creator_of("sagemaker") is UNKNOWN_CREATOR
    assert UNKNOWN_CREATOR.grants is Grants.FOR_AWS_RESOURCES


def _written(services: list[str] | None) -> dict[str, tuple[tuple[str, ...], dict[str, dict[str, tuple[str, ...]]]]]:
    statements = creator_statements(services, [DEPLOYER], REGION)
    assert all(each.principals == {"AWS": (DEPLOYER.value,)} for each in statements)
    return {
        each.sid: (each.actions, {operator: dict(keys) for operator, keys in each.conditions.items()})
        for each in statements
    }


def _through(*services: str) -> dict[str, dict[str, tuple[str, ...]]]:
    return {"StringEquals": {"kms:ViaService": tuple(f"{service}.eu-west-1.amazonaws.com" for service in services)}}


FOR_AWS = {"Bool": {"kms:GrantIsForAWSResource": ("true",)}}
ANY_SERVICE = {"StringLike": {"kms:ViaService": ("*.eu-west-1.amazonaws.com",)}}


def test_without_names_deployers_create_through_every_service_of_the_region() -> None:
    assert _written(None) == {
        "DeployersThroughServices": (tuple(sorted(UNKNOWN_CREATOR.actions)), ANY_SERVICE),
        "DeployersGrants": (("kms:CreateGrant",), {**FOR_AWS, **ANY_SERVICE}),
        "DeployersReEncryptFromReEncryptTo": (
            ("kms:Decrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo"),
            _through("dynamodb", "ec2", "events"),
        ),
        "DeployersReEncryptFrom": (("kms:Decrypt", "kms:ReEncryptFrom"), _through("fsx")),
        "DeployersRetireGrant": (("kms:RetireGrant",), _through("backup", "ecr")),
    }


def test_services_that_need_the_same_share_a_statement() -> None:
    assert _written(["sqs", "rds", "s3", "kafka", "eks"]) == {
        "DeployersThroughEksKafkaRds": (("kms:DescribeKey",), _through("eks", "kafka", "rds")),
        "DeployersThroughS3Sqs": (("kms:Decrypt", "kms:GenerateDataKey"), _through("s3", "sqs")),
        "DeployersGrants": (("kms:CreateGrant",), {**FOR_AWS, **_through("kafka", "rds")}),
        "DeployersGrantsThroughEks": (("kms:CreateGrant",), _through("eks")),
    }


def test_the_order_of_the_names_does_not_matter() -> None:
    first, second = ([*names] for names in (("sqs", "rds", "s3"), ("s3", "sqs", "rds")))

    assert creator_statements(first, [DEPLOYER]) == creator_statements(second, [DEPLOYER])


def test_with_an_empty_list_nobody_creates_anything() -> None:
    assert creator_statements([], [DEPLOYER]) == []


def test_many_services_have_a_short_sid_of_their_own() -> None:
    sids = [each.sid for each in creator_statements(list(KNOWN_SERVICES), [DEPLOYER])]

    assert len(sids) == len(set(sids))
    assert max(map(len, sids)) <= len("DeployersThrough") + 48


def test_deployers_named_by_name_are_told_by_their_sid() -> None:
    deployer = Principal.by_name("arn:aws:iam::111122223333:role/Deployer")

    assert [each.sid for each in creator_statements(["lambda"], [deployer])] == [
        "DeployersThroughLambdaByName",
        "DeployersGrantsByName",
    ]


def test_refuses_a_service_that_nobody_knows() -> None:
    with pytest.raises(ConfigurationError, match="did you mean 'elasticfilesystem'"):
        creator_statements(["efs"], [DEPLOYER])


def test_refuses_a_service_that_is_named_twice() -> None:
    with pytest.raises(ConfigurationError) as refused:
        creator_statements(["s3", "rds", "s3"], [DEPLOYER])

    assert str(refused.value) == "services must be named once each, got 's3' twice"
