"""Every action of Secrets Manager that this library writes, grouped by intent."""

DRAW_PASSWORD = ("secretsmanager:GetRandomPassword",)
"""It reads and changes nothing, so Secrets Manager offers it on every resource only.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html
"""

DESCRIBE_SECRET = ("secretsmanager:DescribeSecret",)
"""Its metadata, never a value."""
GET_SECRET_VALUE = ("secretsmanager:GetSecretValue",)
READ_SECRET = ("secretsmanager:DescribeSecret", *GET_SECRET_VALUE)
"""To read a secret. `BatchGetSecretValue` asks for `GetSecretValue` of each secret too.

https://docs.aws.amazon.com/secretsmanager/latest/userguide/retrieving-secrets_batch.html
"""
WRITE_SECRET = ("secretsmanager:DescribeSecret", "secretsmanager:PutSecretValue")
"""To put new values. Not `UpdateSecret`, which can also put the secret under another key."""
CHANGE_SECRET_VALUE = ("secretsmanager:PutSecretValue", "secretsmanager:UpdateSecretVersionStage")
"""What changes which value is read."""
ROTATE_SECRET = (*READ_SECRET, *CHANGE_SECRET_VALUE)
"""What a rotation function does with the secret in its four steps.

https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets-required-permissions-function.html
"""

DELETE_SECRET = ("secretsmanager:DeleteSecret",)
TAKE_SECRET_AWAY = (
    "secretsmanager:CancelRotateSecret",
    "secretsmanager:DeleteResourcePolicy",
    *DELETE_SECRET,
    "secretsmanager:PutResourcePolicy",
    "secretsmanager:RemoveRegionsFromReplication",
    "secretsmanager:ReplicateSecretToRegions",
    "secretsmanager:RotateSecret",
    "secretsmanager:StopReplicationToReplica",
    "secretsmanager:UpdateSecret",
)
"""What ends a secret, its policy, a replica or its rotation, or puts it under another key, function or policy.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html
"""
ADMINISTER_SECRET = (
    "secretsmanager:CancelRotateSecret",
    "secretsmanager:DeleteResourcePolicy",
    *DELETE_SECRET,
    "secretsmanager:DescribeSecret",
    "secretsmanager:GetResourcePolicy",
    "secretsmanager:ListSecretVersionIds",
    "secretsmanager:PutResourcePolicy",
    "secretsmanager:RestoreSecret",
    "secretsmanager:RotateSecret",
    "secretsmanager:TagResource",
    "secretsmanager:UntagResource",
    "secretsmanager:ValidateResourcePolicy",
)
"""A secret's life, as far as it needs neither its value nor its key."""
EVERYTHING_WITH_SECRETS = ("secretsmanager:*",)
"""Only ever denied: so it holds for actions that Secrets Manager does not have yet, too."""

# https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html
INVOKE_ROTATION = ("lambda:InvokeFunction",)
"""What `RotateSecret` asks of its caller on the rotation function."""
