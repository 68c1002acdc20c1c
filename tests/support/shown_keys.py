"""Keys of a dashboard as data."""

from constructs_lib.dashboards.shown_key import ShownKey


def some_keys(count: int, *, may_expire: bool = True) -> tuple[ShownKey, ...]:
    """Return keys whose ids are as long as those of KMS.

    Args:
        count: How many.
        may_expire: Whether nobody knows that they do not.
    """
    return tuple(
        some_key(f"orders-{index}", f"{index:08d}-12ab-34cd-56ef-1234567890ab", may_expire) for index in range(count)
    )


def some_key(name: str, key_id: str, may_expire: bool = True) -> ShownKey:  # noqa: FBT001, FBT002
    """Return one key.

    Args:
        name: Its alias, without the prefix.
        key_id: Its id.
        may_expire: Whether nobody knows that it does not.
    """
    arn = f"arn:aws-us-gov:kms:us-gov-east-1:111122223333:key/{key_id}"
    return ShownKey(f"alias/{name}", key_id, arn, may_expire=may_expire, may_rotate=True)
