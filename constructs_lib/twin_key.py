"""TwinKey: a key whose id is also that of keys in other Regions, named in each stack by what stands there."""

from collections.abc import Callable, Mapping
from functools import cached_property
from types import MappingProxyType

import aws_cdk as cdk
import jsii
from aws_cdk.interfaces.aws_kms import KeyReference
from constructs import IConstruct

from constructs_lib.key_resource import KeyResource
from constructs_lib.naming.stack_facts import StackFacts
from constructs_lib.naming.token_text import stand_for


class TwinKey(KeyResource):
    """A key of a multi-Region set.

    The stack of a replica waits for that of the primary key, so nothing beside the primary may wait for a replica. It
    need not: the keys share their id, and beside one of them the id of that one makes the ARN of each.
    https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html
    """

    twins: "Mapping[str, TwinKey]" = MappingProxyType({})
    """Keys with its key id, by Region, itself among them, as soon as all of them are made."""

    @property
    def key_arn(self) -> str:
        """The key's ARN, in stacks with a key of the set without a reference to another Region."""
        return self._arn if len(self.twins) <= 1 else self._arn_anywhere

    @property
    def key_id(self) -> str:
        """The key's id, the same in each Region."""
        return self._id if len(self.twins) <= 1 else self._id_anywhere

    @property
    def key_ref(self) -> KeyReference:
        """The key for constructs that take a reference instead of an `IKey`."""
        return KeyReference(key_arn=self.key_arn, key_id=self.key_id)

    @cached_property
    def _arn_anywhere(self) -> str:
        return self._lazily(self._arn_in)

    @cached_property
    def _id_anywhere(self) -> str:
        return self._lazily(lambda scope: self._beside(scope)._id)  # noqa: SLF001  # a key of its own kind

    @cached_property
    def _outermost(self) -> str:
        return _outermost_stack_of(self)

    def _lazily(self, said_in: Callable[[IConstruct], str]) -> str:
        token = cdk.Lazy.uncached_string(_ByScope(said_in))
        stand_for(token, self._cfn)
        return token

    def _arn_in(self, scope: IConstruct) -> str:
        beside = self._beside(scope)
        if beside is self:
            return self._arn
        mine = self._facts
        return f"arn:{mine.partition}:kms:{mine.region}:{mine.account}:key/{beside._id}"  # noqa: SLF001  # likewise

    def _beside(self, scope: IConstruct) -> "TwinKey":
        """Return the key of the set that stands in the same stack as something, or itself where none does."""
        stack = _outermost_stack_of(scope)
        return next((twin for twin in self.twins.values() if twin._outermost == stack), self)  # noqa: SLF001  # likewise

    def _allow_people(self) -> None:
        if self.twins:  # by them IAM policies of their Regions name this key
            super()._allow_people()


@jsii.implements(cdk.IStringProducer)
class _ByScope:
    def __init__(self, said_in: Callable[[IConstruct], str]) -> None:
        self._said_in = said_in

    def produce(self, context: cdk.IResolveContext) -> str:
        return self._said_in(context.scope)


def _outermost_stack_of(construct: IConstruct) -> str:
    stack = StackFacts.of(construct).stack
    while stack.nested_stack_parent is not None:
        stack = stack.nested_stack_parent
    return StackFacts.of(stack).path
