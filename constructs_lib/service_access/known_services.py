"""The services through which KMS can be called: the first part of `kms:ViaService`."""

import re
from difflib import get_close_matches

from constructs_lib.errors import ConfigurationError

KNOWN_SERVICES: tuple[str, ...] = (
    "airflow", "airflow-serverless", "aoss", "appflow", "apprunner", "athena", "auditmanager", "backup",
    "backup-gateway", "bedrock", "bedrock-agentcore", "cassandra", "cloudtrail", "cloudwatch", "codeartifact",
    "codecommit", "codeguru-reviewer", "comprehend", "connect", "datazone", "directoryservice", "dms",
    "docdb-elastic", "dsql", "dynamodb", "ec2", "ecr", "eks", "elasticfilesystem", "emr-serverless", "es", "events",
    "finspace", "firehose", "forecast", "fsx", "geo", "glue", "groundstation", "guardduty", "healthlake",
    "identitystore", "importexport", "iotsitewise", "kafka", "kendra", "kinesis", "kinesisvideo", "lambda", "lex",
    "license-manager", "logs", "lookoutequipment", "lookoutmetrics", "lookoutvision", "macie", "malware-protection",
    "managedblockchain", "mediatailor", "memorydb", "mgn", "monitron", "mq", "neptune-graph", "nimble", "omics",
    "profile", "proton", "qldb", "rds", "redshift", "redshift-serverless", "rekognition", "s3", "s3tables",
    "s3vectors", "sagemaker", "scheduler", "secretsmanager", "ses", "sns", "sqlworkbench", "sqs", "ssm",
    "ssm-contacts", "ssm-guiconnect", "ssm-incidents", "sso", "states", "storagegateway", "timestream", "translate",
    "wisdom", "workmail", "workspaces", "workspaces-web", "xray",
)  # fmt: skip
"""From the table of https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
and from policies that AWS manages. `events` and `states` stand on pages of their own:
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-key-policy.html
https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html
`cloudtrail` stands on none: it is written as all of them are, for who creates event data stores.
"""

_BY_ANOTHER_NAME = {
    "aurora": "rds",
    "cloudwatchlogs": "logs",
    "docdb": "rds",
    "ebs": "ec2",
    "efs": "elasticfilesystem",
    "eventbridge": "events",
    "msk": "kafka",
    "neptune": "rds",
    "opensearch": "es",
    "opensearchserverless": "aoss",
    "stepfunctions": "states",
}


def known_service(argument: str, name: str) -> str:
    """Return the name of a service as `kms:ViaService` begins with it.

    Args:
        argument: What the caller calls it.
        name: The name.

    Raises:
        ConfigurationError: If no service is known by it.

    Examples:
        >>> known_service("services", "secretsmanager")
        'secretsmanager'
    """
    if name in KNOWN_SERVICES:
        return name
    plain = str(name).lower().partition(".")[0]
    meant = _BY_ANOTHER_NAME.get(re.sub("[-_ ]", "", plain)) or next(iter(get_close_matches(plain, KNOWN_SERVICES)), "")
    hint = f"; did you mean {meant!r}?" if meant else ""
    raise ConfigurationError(
        f"{argument} must be names such as lambda or rds, the first part of kms:ViaService, got {name!r}{hint}"
    )
