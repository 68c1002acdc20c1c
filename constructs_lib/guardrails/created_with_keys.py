"""Which resources their creator makes with a key, and through which service: a table of resource types.

CloudFormation calls these services as the deployer, and they call KMS on his behalf: without his permission the
resource is not created. What CloudFormation's handlers declare (`aws cloudformation describe-type`) and the page of
each service in `constructs_lib.service_access.creators.CREATORS` say so.
"""

from collections.abc import Mapping

CREATED_WITH_KEYS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "AWS::Backup::BackupVault": {"EncryptionKeyArn": ("backup",)},
    "AWS::Backup::LogicallyAirGappedBackupVault": {"EncryptionKeyArn": ("backup",)},
    "AWS::CloudTrail::EventDataStore": {"KmsKeyId": ("cloudtrail",)},
    "AWS::DynamoDB::GlobalTable": {"Replicas.SSESpecification.KMSMasterKeyId": ("dynamodb",)},
    "AWS::DynamoDB::Table": {"SSESpecification.KMSMasterKeyId": ("dynamodb",)},
    "AWS::EC2::Instance": {"BlockDeviceMappings.Ebs.KmsKeyId": ("ec2",)},
    "AWS::EC2::Volume": {"KmsKeyId": ("ec2",)},
    "AWS::ECR::Repository": {"EncryptionConfiguration.KmsKey": ("ecr",)},
    "AWS::EFS::FileSystem": {"KmsKeyId": ("elasticfilesystem",)},
    "AWS::Events::Archive": {"KmsKeyIdentifier": ("events",)},
    "AWS::Events::EventBus": {"KmsKeyIdentifier": ("events",)},
    "AWS::KinesisFirehose::DeliveryStream": {"DeliveryStreamEncryptionConfigurationInput.KeyARN": ("firehose",)},
    "AWS::Lambda::EventSourceMapping": {"KmsKeyArn": ("lambda",)},
    "AWS::Lambda::Function": {"Code.SourceKMSKeyArn": ("lambda",), "KmsKeyArn": ("lambda",)},
    "AWS::RDS::DBCluster": {
        "KmsKeyId": ("rds",),
        "MasterUserSecret.KmsKeyId": ("rds", "secretsmanager"),
        "PerformanceInsightsKmsKeyId": ("rds",),
    },
    "AWS::RDS::DBInstance": {
        "KmsKeyId": ("rds",),
        "MasterUserSecret.KmsKeyId": ("rds", "secretsmanager"),
        "PerformanceInsightsKMSKeyId": ("rds",),
    },
    "AWS::SecretsManager::Secret": {"KmsKeyId": ("secretsmanager",), "ReplicaRegions.KmsKeyId": ("secretsmanager",)},
    "AWS::StepFunctions::Activity": {"EncryptionConfiguration.KmsKeyId": ("states",)},
    "AWS::StepFunctions::StateMachine": {"EncryptionConfiguration.KmsKeyId": ("states",)},
}
"""Resource type, then path to the property that holds the key, to the first parts of `kms:ViaService`.

RDS describes the key of a master password that it manages and makes a grant on it, and has Secrets Manager keep the
password: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html
"""

ADMITTING: Mapping[str, str] = {
    "backup": "backup.encrypt_vault()",
    "dynamodb": "dynamodb.encrypt_table()",
    "ecr": "ecr.encrypt_repository()",
    "elasticfilesystem": "efs.encrypt_file_system()",
    "firehose": "firehose.encrypt_stream()",
    "lambda": "lambda_functions.encrypt_environment()",
    "rds": "rds.encrypt_storage()",
}
"""Service to the call of the catalogue that admits the creator and nobody else."""
