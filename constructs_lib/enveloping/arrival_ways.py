"""Where the objects of an app arrive and where their messages go: no two ways may end in one place or feed each other.

Buckets are known by their names, so far as synthesis knows them: a way of another app is not seen.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_s3 as s3

from constructs_lib.errors import ConfigurationError

if TYPE_CHECKING:
    from constructs import IConstruct

    from constructs_lib.enveloping.object_traffic import Objects

_WAYS = "_cdk_key_management_arrival_ways"


@dataclass(frozen=True, kw_only=True)
class _Way:
    path: str
    arriving: "Objects"
    written: "Objects"


def check_way(scope: "IConstruct", construct_id: str, *, arriving: "Objects", written: "Objects") -> None:
    """Refuse a way whose messages another one writes as well, or that feeds another one or is fed by it.

    Of two objects with one key in two buckets one message would take the other's place; a message that arrives would be
    encrypted again, and where two ways feed each other, without end.

    Args:
        scope: Where the construct is that sends objects this way.
        construct_id: Its name there.
        arriving: The objects that arrive.
        written: Their messages.

    Raises:
        ConfigurationError: If it is such.
    """
    root = scope.node.root
    ways: list[_Way] = getattr(root, _WAYS, [])
    for other in ways:
        if _overlap(written, other.written):
            raise ConfigurationError(
                f"destination must have a prefix of its own, got {_place(written)}, where {other.path} writes"
            )
        if _overlap(written, other.arriving):
            raise ConfigurationError(
                f"destination must not be where objects arrive, got {_place(written)}, the source of {other.path}"
            )
        if _overlap(arriving, other.written):
            raise ConfigurationError(
                f"source must not be where messages are written, got {_place(arriving)}, the destination of "
                f"{other.path}"
            )
    path = f"{scope.node.path}/{construct_id}"
    setattr(root, _WAYS, [*ways, _Way(path=path, arriving=arriving, written=written)])


def name_of(bucket: s3.IBucket) -> str:
    """Return the name of a bucket: the literal one that it was given, which an import of it has too.

    Args:
        bucket: Any bucket.
    """
    resource = bucket.node.default_child
    given = resource.bucket_name if isinstance(resource, s3.CfnBucket) else None
    return bucket.bucket_name if given is None or cdk.Token.is_unresolved(given) else given


def _overlap(one: "Objects", other: "Objects") -> bool:
    shorter, longer = sorted((one.prefix, other.prefix), key=len)
    return longer.startswith(shorter) and name_of(one.bucket) == name_of(other.bucket)


def _place(objects: "Objects") -> str:
    return f"{objects.bucket.node.path} below {objects.prefix!r}"
