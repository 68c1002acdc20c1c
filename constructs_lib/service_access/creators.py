"""What whoever creates an encrypted resource needs of the key, through the service: `CREATORS`, `creator_statements`.

    CREATORS: Mapping[str, Creator]       # the first part of kms:ViaService -> what the creator needs
    creator_statements(services, deployers, region=REGION) -> list[Statement]

CloudFormation creates resources with the deployer's permissions, and most services then call KMS as the creator.
`Creator.actions` are what the creator needs through the service beside `CreateGrant`; `Creator.grants` says whether and
how it may make grants. What CloudFormation's handlers declare (`aws cloudformation describe-type`) is the floor, the
page of the service adds to it.
https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from constructs_lib.actions import (
    CREATE_GRANT,
    CREATE_THROUGH_SERVICE,
    DATA_KEY_WITHOUT_PLAINTEXT,
    DECRYPT,
    DESCRIBE,
    ENCRYPT,
    GENERATE_DATA_KEY,
    RE_ENCRYPT,
    RE_ENCRYPT_FROM,
    RETIRE_GRANT,
)
from constructs_lib.errors import ConfigurationError
from constructs_lib.granted_statements import FOR_AWS_RESOURCES
from constructs_lib.principals import Conditions, Principal, merge_conditions, short_digest
from constructs_lib.service_access.known_services import known_service
from constructs_lib.service_access.service_use import REGION, VIA_SERVICE
from constructs_lib.statements import Statement


class Grants(Enum):
    """Whether a service makes a grant on behalf of the creator."""

    NONE = "NONE"
    """It calls KMS for each request."""

    FOR_AWS_RESOURCES = "FOR_AWS_RESOURCES"
    """It makes grants for resources of its own, and says so in `kms:GrantIsForAWSResource`."""

    UNMARKED = "UNMARKED"
    """It makes grants and does not say that they are for an AWS resource: under that condition creation fails."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Creator:
    """What the creator of a resource needs through one service.

    Attributes:
        actions: Exact KMS actions, without `CreateGrant`.
        page: The AWS page that says so.
        grants: Whether the service makes a grant on the creator's behalf.
    """

    actions: tuple[str, ...]
    page: str
    grants: Grants = Grants.NONE


_DOCS = "https://docs.aws.amazon.com/"
_ENCRYPT_ALONE = ENCRYPT[:1]
_DATA_KEY_WITHOUT_PLAINTEXT = (DATA_KEY_WITHOUT_PLAINTEXT,)
_READ_AND_WRITE = (*DECRYPT, *GENERATE_DATA_KEY)


def _granting(page: str, *actions: str) -> Creator:
    return Creator(actions=(DESCRIBE, *actions), page=_DOCS + page, grants=Grants.FOR_AWS_RESOURCES)


def _calling(page: str, *actions: str) -> Creator:
    return Creator(actions=actions, page=_DOCS + page)


CREATORS: Mapping[str, Creator] = {
    "aoss": _granting("opensearch-service/latest/developerguide/serverless-encryption.html"),
    "backup": _granting("aws-backup/latest/devguide/create-a-vault.html", *_READ_AND_WRITE, RETIRE_GRANT),
    # No page says what the creator of an event data store calls, so this is what CloudFormation's handlers declare.
    "cloudtrail": _calling("awscloudtrail/latest/userguide/default-kms-key-policy.html", *_READ_AND_WRITE, DESCRIBE),
    "dsql": _calling(
        "aws-managed-policy/latest/reference/AmazonAuroraDSQLConsoleFullAccess.html",
        *_READ_AND_WRITE,
        *_ENCRYPT_ALONE,
        DESCRIBE,
    ),
    "docdb-elastic": _granting(
        "aws-managed-policy/latest/reference/AmazonDocDBElasticFullAccess.html", *_READ_AND_WRITE
    ),
    "dynamodb": _granting("kms/latest/developerguide/services-dynamodb.html", *DECRYPT, *ENCRYPT, *RE_ENCRYPT),
    "ec2": _granting(
        "ebs/latest/userguide/ebs-encryption-requirements.html", *DECRYPT, *_DATA_KEY_WITHOUT_PLAINTEXT, *RE_ENCRYPT
    ),
    "ecr": _granting("AmazonECR/latest/userguide/encryption-at-rest.html", RETIRE_GRANT),
    "eks": Creator(actions=(DESCRIBE,), page=f"{_DOCS}eks/latest/userguide/enable-kms.html", grants=Grants.UNMARKED),
    "elasticfilesystem": _granting("efs/latest/ug/EFSKMS.html", *DECRYPT, *_DATA_KEY_WITHOUT_PLAINTEXT),
    "es": _granting("opensearch-service/latest/developerguide/encryption-at-rest.html"),
    "events": _calling(
        "eventbridge/latest/userguide/eb-encryption-key-policy.html", *DECRYPT, *ENCRYPT, *RE_ENCRYPT, DESCRIBE
    ),
    "firehose": _granting("firehose/latest/dev/encryption.html"),
    "fsx": _granting(
        "fsx/latest/WindowsGuide/encryption-at-rest.html", *DECRYPT, *_DATA_KEY_WITHOUT_PLAINTEXT, RE_ENCRYPT_FROM
    ),
    "glue": _calling("glue/latest/dg/encrypt-glue-data-catalog.html", *_READ_AND_WRITE, *_ENCRYPT_ALONE),
    "kafka": _granting("msk/latest/developerguide/msk-encryption.html"),
    "kinesis": _calling("streams/latest/dev/permissions-user-key-KMS.html", *_READ_AND_WRITE),
    "lambda": _granting("lambda/latest/dg/configuration-envvars-encryption.html", *_READ_AND_WRITE, *_ENCRYPT_ALONE),
    "logs": _calling(
        "aws-managed-policy/latest/reference/CloudWatchLogsAPIKeyAccess.html",
        *_READ_AND_WRITE,
        *_ENCRYPT_ALONE,
        DESCRIBE,
    ),
    "rds": _granting("AmazonRDS/latest/UserGuide/Overview.Encryption.Keys.html"),
    "redshift": _granting("kms/latest/developerguide/services-redshift.html", *_READ_AND_WRITE, *_ENCRYPT_ALONE),
    "s3": _calling("AmazonS3/latest/userguide/UsingKMSEncryption.html", *_READ_AND_WRITE),
    # UpdateSecret, unlike CreateSecret, needs Encrypt.
    "secretsmanager": _calling(
        "secretsmanager/latest/apireference/API_UpdateSecret.html", *_READ_AND_WRITE, *_ENCRYPT_ALONE
    ),
    "sns": _calling("sns/latest/dg/sns-key-management.html", *_READ_AND_WRITE),
    "sqs": _calling("AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html", *_READ_AND_WRITE),
    "ssm": _calling("kms/latest/developerguide/services-parameter-store.html", *_READ_AND_WRITE, *_ENCRYPT_ALONE),
    # CloudFormation reads what it made, and a state machine's definition is encrypted.
    "states": _calling("step-functions/latest/dg/encryption-at-rest.html", *_READ_AND_WRITE, DESCRIBE),
}
"""By the first part of `kms:ViaService`."""

UNKNOWN_CREATOR = Creator(
    actions=CREATE_THROUGH_SERVICE,
    page=f"{_DOCS}kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service",
    grants=Grants.FOR_AWS_RESOURCES,
)
"""What is given through a service that is not in `CREATORS`, and through all services when none is named."""


def creator_of(service: str) -> Creator:
    """Return what a creator needs through a service.

    Args:
        service: The first part of `kms:ViaService`.

    Raises:
        ConfigurationError: If there is no such service; the message says which was meant.

    Examples:
        >>> creator_of("rds").actions
        ('kms:DescribeKey',)
    """
    return CREATORS.get(known_service("services", service), UNKNOWN_CREATOR)


def creator_statements(
    services: Sequence[str] | None, deployers: Sequence[Principal], region: str = REGION
) -> list[Statement]:
    """Return what lets deployers create encrypted resources, through AWS services only.

    The condition is absent, so false, when a deployer calls KMS himself. Services that need the same share a statement.

    Args:
        services: The services, by the first part of `kms:ViaService`; None for every service of the Region. Grants that
            do not say that they are for an AWS resource are made only through services that are named.
        deployers: Who creates.
        region: Region of the key.

    Raises:
        ConfigurationError: If a service is not known or named twice.

    Examples:
        >>> deployer = Principal.by_arn("arn:aws:iam::111122223333:role/Deployer")
        >>> [each.sid for each in creator_statements(["rds", "sqs"], [deployer])]
        ['DeployersThroughRds', 'DeployersThroughSqs', 'DeployersGrants']
    """
    through = _Through(deployers, region)
    if services is None:
        return through.every_service()
    twice = sorted({name for name in services if services.count(name) > 1})
    if twice:
        raise ConfigurationError(f"services must be named once each, got {twice[0]!r} twice")
    return through.these({name: creator_of(name) for name in sorted(services)})


@dataclass(frozen=True)
class _Through:
    """Statements for deployers who act through services of one Region."""

    deployers: Sequence[Principal]
    region: str

    def every_service(self) -> list[Statement]:
        """What any service may need, then what few services need beside that, through these alone."""
        beside: dict[tuple[str, ...], list[str]] = {}
        for service, creator in CREATORS.items():
            more = tuple(sorted(set(creator.actions) - set(UNKNOWN_CREATOR.actions)))
            beside.setdefault(more, []).append(service)
        return [
            *self._statements("DeployersThroughServices", "*", actions=UNKNOWN_CREATOR.actions),
            *self._statements("DeployersGrants", "*", actions=[CREATE_GRANT], conditions=FOR_AWS_RESOURCES),
            *(
                statement
                for more, services in sorted(beside.items())
                if more
                # To re-encrypt from a key is to decrypt with it, so both stand together.
                for actions in [(*DECRYPT, *more) if RE_ENCRYPT_FROM in more else more]
                for statement in self._statements(f"Deployers{_words(more)}", *services, actions=actions)
            ),
        ]

    def these(self, creators: Mapping[str, Creator]) -> list[Statement]:
        """What these services need and no others."""
        shared: dict[tuple[str, ...], list[str]] = {}
        for service, creator in creators.items():
            shared.setdefault(tuple(sorted(creator.actions)), []).append(service)
        granting = {way: [name for name, each in creators.items() if each.grants is way] for way in Grants}
        marked, unmarked = granting[Grants.FOR_AWS_RESOURCES], granting[Grants.UNMARKED]
        return [
            *(
                statement
                for actions, services in sorted(shared.items(), key=lambda item: item[1])
                for statement in self._statements(f"DeployersThrough{_words(services)}", *services, actions=actions)
            ),
            *self._statements("DeployersGrants", *marked, actions=[CREATE_GRANT], conditions=FOR_AWS_RESOURCES),
            *self._statements(f"DeployersGrantsThrough{_words(unmarked)}", *unmarked, actions=[CREATE_GRANT]),
        ]

    def _statements(
        self, sid: str, *services: str, actions: Sequence[str], conditions: Conditions | None = None
    ) -> list[Statement]:
        if not services:
            return []
        operator = "StringLike" if "*" in services else "StringEquals"
        values = tuple(f"{service}.{self.region}.amazonaws.com" for service in services)
        through: Conditions = {operator: {VIA_SERVICE: values}}
        return Statement.for_callers(sid, self.deployers, actions, merge_conditions(through, conditions or {}))


_LONGEST_READABLE_SID = 48


def _words(names: Sequence[str]) -> str:
    words = "".join(
        "".join(part[0].upper() + part[1:] for part in name.removeprefix("kms:").split("-")) for name in names
    )
    if len(words) <= _LONGEST_READABLE_SID:
        return words
    return words[: _LONGEST_READABLE_SID - 6] + short_digest(list(names))
