"""What is given for a key or a bucket: refused by its argument's name before anything asks it for what it has not."""

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.places import are_apart

if TYPE_CHECKING:
    from collections.abc import Mapping

# Both are what a key is that says neither.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html
_USAGE, _SPEC = "ENCRYPT_DECRYPT", "SYMMETRIC_DEFAULT"


def spoken(given: object) -> str:
    """Return what a refusal says of a value: a text or a number as it is, of anything else what it is.

    Args:
        given: The value.

    Examples:
        >>> spoken("blue"), spoken(None), spoken([1])
        ("'blue'", 'None', 'a list')
    """
    if given is None or isinstance(given, (str, int)):
        return repr(given)
    # What is imported is of a class like _BucketBaseProxy to Python.
    name = type(given).__name__.strip("_").removesuffix("Proxy").removesuffix("Base")
    path = f" {given.node.path}" if isinstance(given, Construct) else ""
    return f"a {name}{path}"


def check_symmetric_keys(keys: "Mapping[str, kms.IKey]") -> None:
    """Refuse what is no key, and keys of this app that make no data keys: those that sign, agree or make MACs.

    Of an imported key nobody can see what it is, nor of one whose kind is a parameter.

    Args:
        keys: Argument to key.

    Raises:
        ConfigurationError: If one is such.
    """
    for argument, key in keys.items():
        if not (hasattr(key, "key_arn") and hasattr(key, "add_to_resource_policy")):
            raise ConfigurationError(
                f"{argument} must be a key, such as EncryptionKey(...) or ExistingKey.from_arn(...), got {spoken(key)}"
            )
        resource = key.node.default_child
        if not isinstance(resource, kms.CfnKey):
            continue
        usage, spec = resource.key_usage or _USAGE, resource.key_spec or _SPEC
        is_known = not cdk.Token.is_unresolved(usage) and not cdk.Token.is_unresolved(spec)
        if is_known and (usage, spec) != (_USAGE, _SPEC):
            raise ConfigurationError(
                f"{argument} must be a symmetric encryption key, got {key.node.path} with key usage {usage} and key "
                f"spec {spec}"
            )


def check_bucket(argument: str, given: s3.IBucket) -> None:
    """Refuse what is no bucket.

    Args:
        argument: What a refusal calls it.
        given: What was given.

    Raises:
        ConfigurationError: If it is none.
    """
    if not hasattr(given, "bucket_arn") or not hasattr(given, "bucket_name"):
        raise ConfigurationError(
            f"{argument} must be a bucket, such as s3.Bucket(...) or s3.Bucket.from_bucket_name(...), got "
            f"{spoken(given)}"
        )


def check_text(argument: str, given: str) -> None:
    """Refuse what is no text.

    Args:
        argument: What a refusal calls it.
        given: What was given.

    Raises:
        ConfigurationError: If it is none.
    """
    if not isinstance(given, str):
        raise ConfigurationError(f"{argument} must be a text, got {spoken(given)}")


def check_region(scope: Construct, argument: str, given: cdk.IResource) -> None:
    """Refuse what is known to be in another Region than a function.

    Args:
        scope: Where the function is.
        argument: What a refusal calls it.
        given: A resource.

    Raises:
        ConfigurationError: If its Region is another one. One that nobody knows before deployment may be any.
    """
    here, there = cdk.Stack.of(scope).region, given.env.region
    if are_apart(here, there):
        raise ConfigurationError(
            f"{argument} must be in {here}, the Region of the function, got {given.node.path} in {there}"
        )
