"""ExistingKey: a key that this app uses and does not own, with the methods of one that it does."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

import aws_cdk as cdk
import jsii
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk.interfaces.aws_kms import KeyReference

from constructs_lib.actions import EVERYTHING, covering, exact
from constructs_lib.alias_name import PREFIX, full_alias_name
from constructs_lib.cdk_statement import CdkStatement
from constructs_lib.condition_rules import check_conditions
from constructs_lib.errors import ConfigurationError
from constructs_lib.iam_side import allow_on
from constructs_lib.key_address import KeyAddress
from constructs_lib.key_kind import SYMMETRIC, KeyKind
from constructs_lib.key_verbs import KeyVerbs
from constructs_lib.naming.callers_elsewhere import CallersElsewhere
from constructs_lib.naming.token_text import TokenText, tokens_in
from constructs_lib.policy_elsewhere import PolicyElsewhere
from constructs_lib.principals import Effect, Permission, arn_parts

if TYPE_CHECKING:
    from constructs import Construct

    from constructs_lib.naming.grantees import Grantee


@jsii.implements(kms.IKey)
class ExistingKey(KeyVerbs, cdk.Resource):
    """A key that exists: made by another app, by hand, in another account, or by AWS for a service.

    Its policy cannot be changed from here. A grant writes exact actions on this key alone into the caller's IAM policy,
    and announces at synthesis, once for each key, which statements the key's policy must have. `docs/existing-keys.md`
    says what that means for each kind of caller.

    Examples:
        >>> stack = cdk.Stack(cdk.App(), "Orders")
        >>> ExistingKey.from_alias(stack, "Key", alias="orders").key_id
        'alias/orders'
    """

    def __init__(self, scope: "Construct", construct_id: str, *, address: KeyAddress, kind: KeyKind) -> None:
        """Import a key: `from_arn`, `from_alias` and `from_lookup` say how it is found.

        Args:
            scope: The construct that uses the key.
            construct_id: Name within `scope`.
            address: Where it is.
            kind: What it can do.

        Raises:
            ConfigurationError: If the kind is none.
        """
        if not isinstance(kind, KeyKind):
            raise ConfigurationError(f"kind must be one of constructs_lib.key_kind, got {kind!r}")
        super().__init__(scope, construct_id, account=address.account, region=address.region)
        self.kind = kind
        self._address = address
        self._text = TokenText(cdk.Stack.of(self))
        self._account = self._text.text(address.account)
        self._callers = CallersElsewhere(self, self._text)
        resource = self._text.text(address.resource)
        self._policy = PolicyElsewhere(self, self._text.text(str(address)), resource)
        self._announce_other_region()
