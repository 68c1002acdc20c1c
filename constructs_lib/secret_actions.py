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
PUT_SECRET_VALUE = ("secretsmanager:PutSecretValue",)
WRITE_SECRET = ("secretsmanager:DescribeSecret", *PUT_SECRET_VALUE)
"""To put new values. Not `UpdateSecret`, which can also put the secret under another key, nor the labels of versions:

who moves them makes a value current again that was replaced because others know it.
"""
MOVE_SECRET_VERSION = ("secretsmanager:UpdateSecretVersionStage",)
"""To take a label from one version to another, or away: a rotation ends with it, and a stuck one is cleared by it."""
ROTATE_SECRET = (*READ_SECRET, *PUT_SECRET_VALUE, *MOVE_SECRET_VERSION)
"""What a rotation function does with the secret in its four steps.

https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets-required-permissions-function.html
"""

DELETE_SECRET = ("secretsmanager:DeleteSecret",)
STOP_SECRET_REPLICATION = ("secretsmanager:StopReplicationToReplica",)
"""To make a replica a secret of its own, with its policy and under its key. It is asked of the replica.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_StopReplicationToReplica.html
"""
ASK_FOR_ROTATION = ("secretsmanager:CancelRotateSecret", "secretsmanager:RotateSecret")
TAKE_SECRET_AWAY = (*ASK_FOR_ROTATION, *DELETE_SECRET, *STOP_SECRET_REPLICATION)
"""What ends a secret, a replica or its rotation, or gives it another function, and can be undone by who may do it.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html
"""
OPEN_SECRET = (
    "secretsmanager:DeleteResourcePolicy",
    "secretsmanager:PutResourcePolicy",
    "secretsmanager:RemoveRegionsFromReplication",
    "secretsmanager:ReplicateSecretToRegions",
    "secretsmanager:UpdateSecret",
)
"""What puts a secret under another policy or another key, here or in another Region: a template says both.

Whoever chose key and policy would read the next value.
"""
ADMINISTER_SECRET = (
    *ASK_FOR_ROTATION,
    *DELETE_SECRET,
    "secretsmanager:DescribeSecret",
    "secretsmanager:GetResourcePolicy",
    "secretsmanager:ListSecretVersionIds",
    *MOVE_SECRET_VERSION,
    "secretsmanager:RestoreSecret",
    "secretsmanager:TagResource",
    "secretsmanager:UntagResource",
)
"""A secret's life, as far as it needs neither its value nor its key, and changes neither its key nor its policy."""
LOOK_AFTER_SECRET = (
    "secretsmanager:DescribeSecret",
    "secretsmanager:GetResourcePolicy",
    "secretsmanager:ListSecretVersionIds",
    "secretsmanager:RestoreSecret",
    "secretsmanager:TagResource",
    "secretsmanager:UntagResource",
    "secretsmanager:ValidateResourcePolicy",
)
"""What shows no value and takes none away, so that the policy of a secret leaves it to IAM."""
DEPLOY_SECRET = (*TAKE_SECRET_AWAY, *OPEN_SECRET, "secretsmanager:DescribeSecret")
"""What the handlers of CloudFormation need to change a secret and its policy, and to end both."""
EVERY_SECRET_ACTION = tuple(
    sorted({*LOOK_AFTER_SECRET, *TAKE_SECRET_AWAY, *OPEN_SECRET, *ROTATE_SECRET, *ADMINISTER_SECRET})
)
"""Every action that policies decide about one secret.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html
"""
EVERYTHING_WITH_SECRETS = ("secretsmanager:*",)
"""Only ever denied: so it holds for actions that Secrets Manager does not have yet, too."""

# https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html
INVOKE_ROTATION = ("lambda:InvokeFunction",)
"""What `RotateSecret` asks of its caller on the rotation function."""
