"""Every IAM action that this library writes or understands, grouped by intent."""

DECRYPT = ("kms:Decrypt",)
ENCRYPT = ("kms:Encrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext")
GENERATE_DATA_KEY = ("kms:GenerateDataKey",)
WRAP_DATA_KEY = ("kms:Encrypt",)
"""To wrap a data key that another key made, so that this key opens the message too."""
DATA_KEY_WITHOUT_PLAINTEXT = "kms:GenerateDataKeyWithoutPlaintext"
DATA_KEY_PAIRS = ("kms:GenerateDataKeyPair", "kms:GenerateDataKeyPairWithoutPlaintext")
RE_ENCRYPT_FROM = "kms:ReEncryptFrom"
RE_ENCRYPT_TO = "kms:ReEncryptTo"
RE_ENCRYPT = (RE_ENCRYPT_FROM, RE_ENCRYPT_TO)
PUBLIC_KEY = "kms:GetPublicKey"
ENCRYPT_UNDER_PUBLIC_KEY = ("kms:Encrypt", PUBLIC_KEY)
"""Encrypting for the holder of a private key: KMS does it, or anybody who was given the public key."""
SIGN = ("kms:Sign",)
VERIFY = ("kms:Verify", PUBLIC_KEY)
"""KMS verifies, or anybody who was given the public key."""
GENERATE_MAC = ("kms:GenerateMac",)
VERIFY_MAC = ("kms:VerifyMac",)
DERIVE_SHARED_SECRET = ("kms:DeriveSharedSecret", PUBLIC_KEY)
"""Whoever agrees on a secret sends the public key to the other side."""
DESCRIBE = "kms:DescribeKey"
CREATE_GRANT = "kms:CreateGrant"
RETIRE_GRANT = "kms:RetireGrant"
PUT_KEY_POLICY = "kms:PutKeyPolicy"
SCHEDULE_KEY_DELETION = "kms:ScheduleKeyDeletion"
DELETE_IMPORTED_KEY_MATERIAL = "kms:DeleteImportedKeyMaterial"
ENABLE_KEY_ROTATION = "kms:EnableKeyRotation"
DISABLE_KEY_ROTATION = "kms:DisableKeyRotation"
EVERYTHING = "kms:*"
"""What the CDK asks for in places; never written."""

USE = (*DECRYPT, *ENCRYPT, *RE_ENCRYPT)
"""What one can do with a symmetric key and data. Pairs of asymmetric data keys have to be asked for by name."""

USE_OF_ANY_KEY = (*USE, *SIGN, *VERIFY, *GENERATE_MAC, *VERIFY_MAC, *DERIVE_SHARED_SECRET)
"""What one can do with a key of some kind and data: what wildcards mean."""

CARRY_CONTEXT = frozenset((*USE, *DATA_KEY_PAIRS, CREATE_GRANT, RETIRE_GRANT))
"""The actions whose requests can hold an encryption context, with a symmetric key.

https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-encryption-context
"""

INSPECT = (
    DESCRIBE,
    "kms:GetKeyLastUsage",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListGrants",
    "kms:ListKeyPolicies",
    "kms:ListKeyRotations",
    "kms:ListResourceTags",
)
"""Metadata: no data, no change."""

ADMINISTER_ANY_KEY = (
    *INSPECT,
    "kms:CancelKeyDeletion",
    "kms:CreateAlias",
    "kms:DeleteAlias",
    "kms:DisableKey",
    "kms:EnableKey",
    PUT_KEY_POLICY,
    "kms:RevokeGrant",
    SCHEDULE_KEY_DELETION,
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateAlias",
    "kms:UpdateKeyDescription",
)
"""A key's life. Neither a cryptographic operation nor `CreateGrant`, which can hand one out."""

ROTATE_ON_DEMAND = "kms:RotateKeyOnDemand"
ROTATE = (DISABLE_KEY_ROTATION, ENABLE_KEY_ROTATION, ROTATE_ON_DEMAND)
"""Only symmetric keys rotate. https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html"""

ADMINISTER = (*ADMINISTER_ANY_KEY, *ROTATE)
"""A symmetric key's life."""

IMPORT_MATERIAL = (DELETE_IMPORTED_KEY_MATERIAL, "kms:GetParametersForImport", "kms:ImportKeyMaterial")
"""https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys.html"""

REPLICATE_KEY = "kms:ReplicateKey"
REPLICATE = (REPLICATE_KEY, "kms:UpdatePrimaryRegion")
"""https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-auth.html"""

OF_ALIASES = frozenset(("kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias"))
"""What IAM policies allow on an alias as well as on its key."""

CREATE_THROUGH_SERVICE = (*DECRYPT, *ENCRYPT, DESCRIBE)
"""What AWS services ask of a key on behalf of whoever creates an encrypted resource."""

OF_KEY_POLICIES = frozenset((
    *USE_OF_ANY_KEY,
    *DATA_KEY_PAIRS,
    *ADMINISTER,
    *IMPORT_MATERIAL,
    *REPLICATE,
    CREATE_GRANT,
    RETIRE_GRANT,
))
"""The actions that mean something in the key policy of some kind of key; `KeyKind.actions` says which in whose.

Left out, because no key policy can give them: `CreateKey`, `ListKeys`, `ListAliases`, custom key stores,
`GenerateRandom`. https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html
"""

READ_TEMPLATE_PARAMETERS = "ssm:GetParameters"
"""What CloudFormation asks for a template parameter that names one of Systems Manager."""

READ_STACK_OUTPUTS = "cloudformation:DescribeStacks"
ASSUME_ROLE = "sts:AssumeRole"
"""What CloudFormation asks for `Fn::GetStackOutput`: to read the other stack, or for the role that may.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getstackoutput.html
"""

READ_OBJECTS = ("s3:GetObject", "s3:GetObjectVersion")
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html"""

CURRENT_OBJECTS = ("s3:GetObject",)
"""To read an object as it is now, and to write one only if it has not changed since.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
"""

WRITE_OBJECTS = ("s3:AbortMultipartUpload", "s3:PutObject")
"""To write objects, in one piece or in parts, and to take unfinished uploads back."""

LIST_OBJECTS = ("s3:ListBucket",)
"""To see which objects a bucket has, and versions of none."""

LEAVE_OBJECTS_AS_THEY_ARE = ("s3:Get*", "s3:InitiateReplication", "s3:List*")
"""What changes no object: a denial of everything else holds for actions that S3 does not have yet, too.

`InitiateReplication` copies an object that is there already to where replication goes.
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
"""

DELIVER_OBJECTS = ("s3:PutObject",)
CHECK_BUCKET = ("s3:GetBucketAcl",)
"""What CloudTrail does with the bucket of a trail, and S3 with that of access logs.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
"""

CREATE_LOG_STREAMS = ("logs:CreateLogStream",)
WRITE_LOG_EVENTS = ("logs:PutLogEvents",)
"""What a trail's role does with its log group.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-required-policy-for-cloudwatch-logs.html
"""

RECEIVE_MESSAGES = ("sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage")
"""What Lambda polls with: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html"""

SEND_MESSAGES = ("sqs:SendMessage",)

PUBLISH_TO_TOPIC = ("sns:Publish",)
PUT_EVENTS = ("events:PutEvents",)
"""What alarms and rules do with whom they notify."""

RUN_QUERIES = (
    "athena:BatchGetNamedQuery",
    "athena:BatchGetPreparedStatement",
    "athena:BatchGetQueryExecution",
    "athena:GetNamedQuery",
    "athena:GetPreparedStatement",
    "athena:GetQueryExecution",
    "athena:GetQueryResults",
    "athena:GetQueryResultsStream",
    "athena:GetQueryRuntimeStatistics",
    "athena:GetWorkGroup",
    "athena:ListNamedQueries",
    "athena:ListPreparedStatements",
    "athena:ListQueryExecutions",
    "athena:StartQueryExecution",
    "athena:StopQueryExecution",
)
"""What whoever asks does in a workgroup of Athena, without changing it or what is saved in it.

https://docs.aws.amazon.com/athena/latest/ug/example-policies-workgroup.html
"""

READ_TABLES = (
    "glue:BatchGetPartition",
    "glue:GetDatabase",
    "glue:GetPartition",
    "glue:GetPartitions",
    "glue:GetTable",
    "glue:GetTables",
)
FIND_DATABASES = ("glue:GetDatabase",)
"""What Athena asks of the catalogue for whoever queries: the table, and the database `default` before any other.

https://docs.aws.amazon.com/athena/latest/ug/fine-grained-access-to-glue-resources.html
"""

LOCATE_BUCKET = ("s3:GetBucketLocation",)
WRITE_RESULTS = (*CURRENT_OBJECTS, *WRITE_OBJECTS, "s3:ListMultipartUploadParts")
FIND_RESULTS = (*LIST_OBJECTS, "s3:ListBucketMultipartUploads")
"""What Athena does with the place of results for whoever queries.

https://docs.aws.amazon.com/athena/latest/ug/security-iam-awsmanpol.html
"""

READ_STREAM = (
    "kinesis:DescribeStream",
    "kinesis:DescribeStreamSummary",
    "kinesis:GetRecords",
    "kinesis:GetShardIterator",
    "kinesis:ListShards",
)
"""What Lambda asks of a function's role to read a stream for it, without a consumer of its own.

https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-create.html
"""

WRITE_STREAM = ("kinesis:PutRecords",)

SEND_TRACES = ("xray:PutTelemetryRecords", "xray:PutTraceSegments")
"""What a traced function does. X-Ray offers both on every resource only.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
"""

READ_PARAMETER = ("ssm:GetParameter", "ssm:GetParameters")
"""To read the current value of a parameter: not its history, and not whatever else stands under a path.

https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-access.html
"""
WRITE_PARAMETER = ("ssm:PutParameter",)
"""To put a new value in the place of the current one."""

CONNECT_TO_SUBNETS = (
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
)
"""What Lambda does with a function's role to run it in subnets of a VPC.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
"""
