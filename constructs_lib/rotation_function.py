"""RotationFunction: the bundled function that rotates secrets, with exactly its permissions."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Unpack

from aws_cdk import aws_iam as iam
from constructs import Construct

from constructs_lib.bundling.lambda_bundle import LambdaBundle, function_source
from constructs_lib.errors import ConfigurationError
from constructs_lib.functions.answered_findings import INLINE
from constructs_lib.functions.bundled_function import BundledFunction, Task
from constructs_lib.functions.checked_values import check_instance
from constructs_lib.functions.function_network import FunctionNetwork
from constructs_lib.functions.function_settings import Capacity, FunctionSettings, read_function_settings
from constructs_lib.guardrails.plugin import guard_app
from constructs_lib.secret_actions import DRAW_PASSWORD
from constructs_lib.secrets.generated import Generated
from constructs_lib.secrets.rotated_content import remember_content
from constructs_lib.secrets.rotation_environment import changed_by, drawn_as, talks_through
from constructs_lib.secrets.secret_content import Content
from constructs_lib.secrets.service_step import PACKAGE, ServiceStep
from constructs_lib.secrets.superuser import check_superuser
from constructs_lib.wiring.findings import PACKS, answer
from constructs_lib.wiring.given_resources import check_symmetric_keys, spoken

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_lambda as lambda_
    from aws_cdk import aws_secretsmanager as secretsmanager

# One invocation is one step: some calls of Secrets Manager, and the service's own time.
_ONE_STEP = Capacity(memory_size_mib=512, seconds=60)
_USERNAME = "username"  # of the secret of a user who takes turns
_DRAWN = (
    "Secrets Manager offers GetRandomPassword on every resource only: it reads no secret and changes none. The "
    "statement stands in a policy of its own, so that no other permission is covered by this acknowledgement."
)
_WAITED_FOR = (
    "Secrets Manager waits for each step and repeats the rotation when one fails; a failed rotation is an event of "
    "CloudTrail. A dead-letter queue would keep what nobody needs to repeat."
)
_OUTSIDE_VPC = (
    "The function calls Secrets Manager and X-Ray over TLS with signed requests, and a service that is reached without "
    "a VPC; nothing can connect to it. A VPC would add network permissions on every resource to its role: the "
    "application gives one by the argument `network` where the service answers there alone."
)


@dataclass(frozen=True, kw_only=True)
class AlternatingUsers:
    """Two users of a service take turns, so that the one in use is never changed.

    https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotation-strategy.html

    Attributes:
        superuser: The secret of a user who may change the others.
    """

    superuser: "secretsmanager.ISecret"

    def __post_init__(self) -> None:
        """Refuse what is no secret.

        Raises:
            ConfigurationError: If it is none.
        """
        check_superuser(self.superuser)


class RotationFunction(Construct):
    """A function that draws a new value for a secret, tells the service of it, tries it, and makes it the current one.

    Without a step nobody but the readers of the secret knows its value: a token that two programs of one app share. A
    service of its own takes a step. One function may rotate many secrets of the same content. What it needs of each
    secret, a `ManagedSecret` with `rotation=ByFunction(function=...)` grants it.

    Attributes:
        function: The function.
        role: Its role, for what the step needs beside the secret.

    Examples:
        >>> import aws_cdk as cdk
        >>> from aws_cdk import aws_kms as kms
        >>> stack = cdk.Stack(cdk.App(context={"aws:cdk:bundling-stacks": []}), "Orders")
        >>> rotation = RotationFunction(
        ...     stack, "Rotation", content=Generated.text(), operations_key=kms.Key(stack, "LogKey")
        ... )
        >>> rotation.function.node.path
        'Orders/Rotation/Function/Resource'
    """

    function: "lambda_.Function"
    role: iam.Role

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        content: Content,
        operations_key: "kms.IKey",
        step: ServiceStep | None = None,
        alternating: AlternatingUsers | None = None,
        network: FunctionNetwork | None = None,
        **settings: Unpack[FunctionSettings],
    ) -> None:
        """Define the function.

        Args:
            scope: The construct that owns it.
            construct_id: Name within `scope`.
            content: How a new value is drawn, as the secrets say it themselves if they are `Generated`: a secret of
                another form is refused. Of JSON the generated field is drawn, and the others stay. What is not
                `Generated`, the service makes: the class of `step` has a method `propose` then.
            operations_key: The key of the logs, in the function's Region.
            step: What tells the service. Default: there is no service to tell.
            alternating: Whether two users take turns. Default: one user.
            network: Where the service answers, if in a VPC alone. Default: outside of any.
            **settings: How the function runs: `FunctionSettings`. Default: 512 MB and 60 seconds for each step.

        Raises:
            ConfigurationError: If nothing would make a new value, users cannot take turns, or a value is out of range.
        """
        read = read_function_settings(settings)
        _check(content, step, alternating)
        if network is not None:
            check_instance("network", network, FunctionNetwork)
        check_symmetric_keys({"operations_key": operations_key})
        guard_app(scope.node.root)
        super().__init__(scope, construct_id)
        task = Task(
            handler=f"{PACKAGE}.handler.rotate",
            description="Rotates secrets of Secrets Manager",
            environment={
                **drawn_as(content),
                **talks_through(step),
                **(changed_by(alternating.superuser.secret_arn) if alternating else {}),
            },
            capacity=_ONE_STEP,
            without_queue=_WAITED_FOR,
            network=network or _OUTSIDE_VPC,
        )
        bundle = LambdaBundle(function_source(PACKAGE), read.target, step.added if step else None)
        made = BundledFunction(
            self, "Function", task=task, code=bundle.code(), operations_key=operations_key, settings=read
        )
        self.function, self.role = made.function, made.role
        remember_content(self.function, content, beside=(_USERNAME,) if alternating else ())
        if isinstance(content, Generated):
            self._let_draw()
        if alternating:
            alternating.superuser.grant_read(self.role)

    def _let_draw(self) -> None:
        drawing = iam.Policy(
            self,
            "Drawing",
            roles=[self.role],
            statements=[iam.PolicyStatement(actions=list(DRAW_PASSWORD), resources=["*"])],
        )
        answer(
            drawing,
            {**{f"{pack}-IAMNoInlinePolicy": INLINE for pack in PACKS}, "AwsSolutions-IAM5[Resource::*]": _DRAWN},
        )
        self.function.node.add_dependency(drawing)


def _check(content: Content, step: ServiceStep | None, alternating: AlternatingUsers | None) -> None:
    check_instance("content", content, Content)
    if step is not None:
        check_instance("step", step, ServiceStep)
    if step is None and not isinstance(content, Generated):
        raise ConfigurationError("step must be a ServiceStep for what Secrets Manager does not draw, got None")
    if alternating is None:
        return
    check_instance("alternating", alternating, AlternatingUsers)
    if step is None:
        raise ConfigurationError("step must be a ServiceStep for alternating users, got None")
    if not isinstance(content, Generated) or content.generated_field is None:
        raise ConfigurationError(
            "content must be Generated.json(...) or Generated.database(...) for alternating users, whose name is a "
            f"field of it, got {spoken(content)}"
        )
