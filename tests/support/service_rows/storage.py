"""What is meant by the uses that store: objects, secrets, tables, volumes, packages."""

from constructs_lib.service_access import (
    backup,
    cloudfront,
    dynamodb,
    ebs,
    ecr,
    efs,
    lambda_functions,
    parameter_store,
    rds,
    s3,
    secrets_manager,
)
from tests.support.service_row import ANOTHER_RESOURCE, CALLER, Rule, ServiceRow

_BUCKET = {"bucket_name": "orders"}
_IN_BUCKET = {
    "kms:ViaService": "s3.{R}.amazonaws.com",
    "kms:EncryptionContext:aws:s3:arn": ("arn:{P}:s3:::orders", "arn:{P}:s3:::orders/~"),
}
_SECRET = {
    "kms:ViaService": "secretsmanager.{R}.amazonaws.com",
    "kms:EncryptionContext:SecretARN": "arn:{P}:secretsmanager:{R}:{A}:secret:orders-a1B2c3",
}
_OF_SECRET = {"secret_name": "orders"}
_PARAMETER = {
    "kms:ViaService": "ssm.{R}.amazonaws.com",
    "kms:EncryptionContext:PARAMETER_ARN": "arn:{P}:ssm:{R}:{A}:parameter/orders/token",
}
_OF_PARAMETER = {"parameter_name": "/orders/token"}
_SERVED = {"aws:SourceArn": "arn:{P}:cloudfront::{A}:distribution/E1A2B3"}
_SERVED_BY_ANY = {"aws:SourceArn": "arn:{P}:cloudfront::{A}:distribution/~"}
_SCALING = "arn:{P}:iam::{A}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"
_TABLE = {
    "kms:ViaService": "dynamodb.{R}.amazonaws.com",
    "kms:EncryptionContext:aws:dynamodb:tableName": "orders",
    "kms:EncryptionContext:aws:dynamodb:subscriberId": "{A}",
}
_EC2 = {"kms:ViaService": "ec2.{R}.amazonaws.com"}
_DYNAMODB = {"kms:ViaService": ("dynamodb.{R}.amazonaws.com", "dynamodb.{O}.amazonaws.com")}
_BACKED_UP = {
    "kms:ViaService": tuple(
        f"{service}.{{R}}.amazonaws.com"
        for service in ("dynamodb", "ec2", "elasticfilesystem", "rds", "redshift", "s3")
    )
}
_FOR_AWS = {"kms:GrantIsForAWSResource": "true"}
_USE = "Decrypt DescribeKey Encrypt GenerateDataKey GenerateDataKeyWithoutPlaintext ReEncryptFrom ReEncryptTo"
_NO_RESOURCE = "AWS documents no condition for the resource"

ROWS = (
    ServiceRow(s3.read, _BUCKET, (Rule(CALLER, "Decrypt", _IN_BUCKET),)),
    ServiceRow(s3.write, _BUCKET, (Rule(CALLER, "GenerateDataKey", _IN_BUCKET),)),
    ServiceRow(s3.write_in_parts, _BUCKET, (Rule(CALLER, "Decrypt GenerateDataKey", _IN_BUCKET),)),
    ServiceRow(
        s3.write_inventory,
        _BUCKET,
        (
            Rule(
                "s3.amazonaws.com",
                "GenerateDataKey",
                {"aws:SourceAccount": "{A}", "aws:SourceArn": "arn:{P}:s3:::orders"},
            ),
        ),
    ),
    ServiceRow(s3.replicate_from, _BUCKET, (Rule(CALLER, "Decrypt", _IN_BUCKET),)),
    ServiceRow(s3.replicate_to, _BUCKET, (Rule(CALLER, "Encrypt", _IN_BUCKET),)),
    ServiceRow(s3.replicate_unencrypted_to, _BUCKET, (Rule(CALLER, "GenerateDataKey", _IN_BUCKET),)),
    ServiceRow(s3.replicate_to_bucket_key, _BUCKET, (Rule(CALLER, "Decrypt Encrypt", _IN_BUCKET),)),
    ServiceRow(secrets_manager.read_secret, _OF_SECRET, (Rule(CALLER, "Decrypt", _SECRET),)),
    ServiceRow(secrets_manager.write_secret, _OF_SECRET, (Rule(CALLER, "Decrypt GenerateDataKey", _SECRET),)),
    ServiceRow(secrets_manager.update_secret, _OF_SECRET, (Rule(CALLER, "Decrypt Encrypt GenerateDataKey", _SECRET),)),
    ServiceRow(
        secrets_manager.read_secret_from_another_account,
        _OF_SECRET,
        (
            Rule(CALLER, "Decrypt", _SECRET),
            Rule(CALLER, "DescribeKey", {"kms:ViaService": "secretsmanager.{R}.amazonaws.com"}),
        ),
    ),
    ServiceRow(parameter_store.read_parameter, _OF_PARAMETER, (Rule(CALLER, "Decrypt", _PARAMETER),)),
    ServiceRow(parameter_store.write_parameter, _OF_PARAMETER, (Rule(CALLER, "Encrypt GenerateDataKey", _PARAMETER),)),
    ServiceRow(lambda_functions.encrypt_environment, {}, ()),
    ServiceRow(
        lambda_functions.encrypt_package,
        {"function_name": "resize"},
        (
            Rule(
                "lambda.amazonaws.com",
                "Decrypt GenerateDataKey",
                {
                    "kms:EncryptionContext:aws:lambda:FunctionArn": (
                        "arn:{P}:lambda:{R}:{A}:function:resize",
                        "arn:{P}:lambda:{R}:{A}:function:resize:~",
                    )
                },
            ),
        ),
    ),
    ServiceRow(dynamodb.encrypt_table, {}, ()),
    ServiceRow(dynamodb.use_table, {"table_name": "orders"}, (Rule(CALLER, "Decrypt", _TABLE),)),
    ServiceRow(
        dynamodb.replicate_table,
        {},
        (Rule(CALLER, _USE, _DYNAMODB), Rule(CALLER, "CreateGrant", {**_DYNAMODB, **_FOR_AWS})),
        blind_to={ANOTHER_RESOURCE: "whoever creates global tables creates any of the account"},
    ),
    ServiceRow(rds.encrypt_storage, {}, ()),
    ServiceRow(
        ebs.encrypt_volumes,
        {},
        (
            Rule(CALLER, "Decrypt DescribeKey GenerateDataKeyWithoutPlaintext ReEncryptFrom ReEncryptTo", _EC2),
            Rule(CALLER, "CreateGrant", {**_EC2, **_FOR_AWS}),
        ),
        blind_to={ANOTHER_RESOURCE: _NO_RESOURCE},
    ),
    ServiceRow(
        ebs.launch_from_auto_scaling,
        {},
        (Rule(_SCALING, _USE), Rule(_SCALING, "CreateGrant", _FOR_AWS)),
        blind_to={ANOTHER_RESOURCE: _NO_RESOURCE},
    ),
    ServiceRow(ecr.encrypt_repository, {}, ()),
    ServiceRow(efs.encrypt_file_system, {}, ()),
    ServiceRow(backup.encrypt_vault, {}, ()),
    ServiceRow(
        backup.back_up,
        {},
        (Rule(CALLER, _USE, _BACKED_UP), Rule(CALLER, "CreateGrant", {**_BACKED_UP, **_FOR_AWS})),
        blind_to={ANOTHER_RESOURCE: "a backup selection may take resources in by their tags"},
    ),
    ServiceRow(
        cloudfront.read_bucket, {"distribution_id": "E1A2B3"}, (Rule("cloudfront.amazonaws.com", "Decrypt", _SERVED),)
    ),
    ServiceRow(
        cloudfront.write_bucket,
        {"distribution_id": "E1A2B3"},
        (Rule("cloudfront.amazonaws.com", "Decrypt Encrypt GenerateDataKey", _SERVED),),
    ),
    ServiceRow(
        cloudfront.read_bucket_from_any_distribution,
        {},
        (Rule("cloudfront.amazonaws.com", "Decrypt", _SERVED_BY_ANY),),
    ),
)
