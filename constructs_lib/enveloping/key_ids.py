"""The id of a key, by which it is known in whatever way its ARN is written."""

_KEY_RESOURCE = ":key/"


def key_id_in(arn: str) -> str:
    """Return the id in the ARN of a key; of anything else itself.

    Ids are the same for nobody else's key, and for all keys of a multi-Region set. What stands before one may be
    written with `${AWS::Partition}` here and literally there.
    https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id

    Args:
        arn: An ARN, an id or an alias.

    Examples:
        >>> key_id_in("arn:aws:kms:eu-west-1:111122223333:key/mrk-1234")
        'mrk-1234'
        >>> key_id_in("alias/orders")
        'alias/orders'
    """
    return arn.rpartition(_KEY_RESOURCE)[2]
