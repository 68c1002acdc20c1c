"""What every query must know about CloudTrail's records: who called, through which service, and what is one event.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
"""

PRINCIPAL = (
    "coalesce(useridentity.sessioncontext.sessionissuer.arn, useridentity.arn, "
    "useridentity.accountid || '/' || split_part(useridentity.principalid, ':', 1), "
    "useridentity.invokedby, useridentity.accountid)"
)
"""Who called: the role behind a session, else the user or root user, else what the record has.

The owner of a key that another account used is told no ARN of the caller, only account and unique id. An AWS service
that calls for itself has its name alone.
"""

SESSION = "CASE WHEN useridentity.type = 'AssumedRole' THEN split_part(useridentity.arn, '/', 3) END"
"""What the session of a role is called: a person's name, where they come through IAM Identity Center."""

VIA_SERVICE = (
    "coalesce(useridentity.invokedby, CASE WHEN sourceipaddress LIKE '%.amazonaws.com' THEN sourceipaddress END)"
)
"""The AWS service through which, or for which, the call was made; nothing where the principal called directly."""

ONE_EVENT = "coalesce(sharedeventid, eventid)"
"""What is the same in all records of one call.

A call from one account into another is recorded in both, which for the trail of an organization is twice in one table;
and CloudTrail may deliver a record twice.
"""

ARNS = "transform(resources, resource -> resource.arn)"
"""The ARNs of what was called for: one key, or two for `ReEncrypt`, the source before the destination.

https://docs.aws.amazon.com/kms/latest/developerguide/ct-reencrypt.html
"""

_CRYPTOGRAPHIC_OPERATIONS = (
    "Decrypt",
    "DeriveSharedSecret",
    "Encrypt",
    "GenerateDataKey",
    "GenerateDataKeyPair",
    "GenerateDataKeyPairWithoutPlaintext",
    "GenerateDataKeyWithoutPlaintext",
    "GenerateMac",
    "ReEncrypt",
    "Sign",
    "Verify",
    "VerifyMac",
)
USES_OF_KEYS = ", ".join(f"'{each}'" for each in _CRYPTOGRAPHIC_OPERATIONS)
"""The cryptographic operations of KMS that use a key.

https://docs.aws.amazon.com/kms/latest/developerguide/kms-cryptography.html#cryptographic-operations
"""
