"""What a stack says of itself, asked once: every question to the CDK takes longer than what is done with the answer."""

from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

import aws_cdk as cdk
from constructs import Construct, IConstruct

from constructs_lib.naming.shared_statements import SharedStatements
from constructs_lib.naming.token_text import TokenText
from constructs_lib.taking_back import is_taken_back

if TYPE_CHECKING:
    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_kms as kms

    from constructs_lib.naming.grantees import Grantee
    from constructs_lib.naming.naming import Naming

_FACTS = "_cdk_key_management_facts"


class StackFacts:
    """What never changes about a stack, and what its keys have in common.

    Attributes:
        stack: Whose facts.
        text: Names for its tokens.
        statements: What its keys say.
        grantees: Principals that all its keys name alike.
        keys: Its keys.
    """

    def __init__(self, stack: cdk.Stack) -> None:
        """Start knowing nothing.

        Args:
            stack: Whose facts.
        """
        self.stack = stack
        self.text = TokenText(stack)
        self.statements = SharedStatements(self.text)
        self.grantees: dict[tuple[object, Naming], tuple[iam.IPrincipal, Grantee]] = {}
        self.keys: list[kms.IKey] = []

    @classmethod
    def of(cls, construct: IConstruct) -> "StackFacts":
        """Return the facts of a construct's stack, the same for all its constructs."""
        facts = getattr(construct, _FACTS, None)
        if facts is None:
            stack = construct if isinstance(construct, cdk.Stack) else cdk.Stack.of(construct)
            facts = getattr(stack, _FACTS, None) or cls(stack).also_of(stack)
            facts.also_of(construct)
        return cast("StackFacts", facts)

    def also_of(self, construct: IConstruct) -> "StackFacts":
        """Say that a construct is in this stack, so that nobody has to ask.

        Args:
            construct: Of the stack.
        """
        if isinstance(construct, Construct):  # not one that jsii shows as an interface alone
            setattr(construct, _FACTS, self)
        return self

    @cached_property
    def path(self) -> str:
        """The construct path, by which stacks are told apart."""
        return self.stack.node.path

    @cached_property
    def account(self) -> str:
        """The account, or the token for it."""
        return self.stack.account

    @cached_property
    def region(self) -> str:
        """The Region, or the token for it."""
        return self.stack.region

    @cached_property
    def partition(self) -> str:
        """The partition, or the token for it."""
        return self.stack.partition

    @cached_property
    def stage(self) -> str:
        """The path of the stage."""
        stage = cdk.Stage.of(self.stack)
        return stage.node.path if stage is not None else ""

    @cached_property
    def root(self) -> IConstruct:
        """The app."""
        return self.stack.node.root

    @cached_property
    def template_file(self) -> str:
        """The name of the file of its template."""
        return self.stack.template_file

    def logical_id_of(self, key: "kms.IKey", known: dict[str, Any]) -> str:
        """Return the logical id of one of its keys.

        Args:
            key: The key.
            known: What texts became in the template, to which this adds all keys of the stack: one question for all.
        """
        if key.key_id not in known:
            ids = [each.key_id for each in self.keys]
            known.update(zip(ids, self.stack.resolve(ids), strict=True))
        return str(known[key.key_id]["Ref"])

    @cached_property
    def taken_back(self) -> bool:
        """Whether the app is synthesised for an import."""
        return is_taken_back(self.stack)
