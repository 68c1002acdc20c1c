"""Who refers to a certificate of a nested stack: only what is nested with it can follow when it is replaced."""

from typing import TYPE_CHECKING

import aws_cdk as cdk
import jsii

from constructs_lib.at_synthesis import at_synthesis

if TYPE_CHECKING:
    from constructs import IConstruct


@jsii.implements(cdk.IStringProducer)
class NestedUses:
    """Watches who refers to a certificate of a nested stack, and refuses those of other top-level stacks.

    The CDK hands what leaves a nested stack to the stack around it, and that exports it: the export keeps the
    certificate from being replaced, and does not change its name when it is, so the other stack is not deployed.
    """

    def __init__(self, certificate: "IConstruct") -> None:
        """Check at synthesis, when every reference is known.

        Args:
            certificate: In a nested stack.
        """
        self._certificate = certificate
        self._stack = cdk.Stack.of(certificate)
        self._arn = ""
        self._beyond: set[str] = set()
        at_synthesis(certificate, self._refuse)

    def seen(self, arn: str) -> str:
        """Return the ARN as a text that tells who refers to it.

        Args:
            arn: Of the certificate.
        """
        self._arn = arn
        return cdk.Lazy.uncached_string(self)

    def produce(self, context: cdk.IResolveContext) -> str:
        """Return the ARN to the CDK, which asks for it on behalf of whoever refers to it.

        Args:
            context: Who that is.
        """
        # Whoever resolves a text to read it refers to nothing.
        if context.preparing and _outermost(cdk.Stack.of(context.scope)) != _outermost(self._stack):
            self._beyond.add(context.scope.node.path)
        return self._arn

    def _refuse(self) -> list[str]:
        if not self._beyond:
            return []
        found = (
            "scope must be in a top-level stack where another one refers to the certificate, got "
            f"{self._certificate.node.path} in the nested stack {self._stack.node.path}, to which "
            f"{' and '.join(sorted(self._beyond))} refers: define the certificate in a top-level stack, and hand it to "
            "the constructs of both"
        )
        return [found]


def uses_if_nested(certificate: "IConstruct") -> NestedUses | None:
    """Return what watches who refers to a certificate, if its stack is a nested one.

    Args:
        certificate: The construct of the certificate.
    """
    return NestedUses(certificate) if cdk.Stack.of(certificate).nested else None


def _outermost(stack: cdk.Stack) -> str:
    while stack.nested_stack_parent is not None:
        stack = stack.nested_stack_parent
    return stack.node.path
