"""What ministack's KMS lacks or does not do as AWS does, one module each."""

from local_aws.server.kms import (
    aliases,
    bound_principals,
    call_authorization,
    condition_keys,
    grants,
    imported_material,
    key_agreement,
    key_kinds,
    key_policy_checks,
    operations,
    re_encrypt,
    replicas,
    rotation,
    signatures,
    symmetric_ciphertext,
)


def extend() -> None:
    """Extend ministack's KMS; `key_policy_checks.extend_handlers` comes last of all, after CloudFormation."""
    for module in (
        key_kinds,
        symmetric_ciphertext,
        re_encrypt,
        signatures,
        key_agreement,
        rotation,
        imported_material,
        replicas,
        aliases,
        grants,
        key_policy_checks,
        bound_principals,
        operations,
        call_authorization,
        condition_keys,
    ):
        module.extend()
