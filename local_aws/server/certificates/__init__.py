"""What ministack's ACM lacks or does not do as AWS does, loaded when the first certificate is wanted."""

from local_aws.server import late_modules
from local_aws.server.certificates import condition_keys


def extend() -> None:
    """Extend ministack's ACM."""
    late_modules.when_loaded("ministack.services.acm", _replace_operations)
    condition_keys.extend()


def _replace_operations() -> None:
    # What ACM does parses certificates: nobody who has none should wait for that.
    from local_aws.server.certificates import operations  # noqa: PLC0415

    operations.extend()
