"""Rule: whoever rotates a secret under a key is admitted by the key policy.

The role of a hosted rotation, or of an application from the Serverless Application Repository, is made while it is
deployed, so nobody can name it to the key. IAM says who it is, and the key admits the account to that one secret,
through Secrets Manager. A function that this app does not define is admitted so too, or by its role.
https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets-required-permissions-function.html
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from constructs_lib.actions import DECRYPT, GENERATE_DATA_KEY
from constructs_lib.guardrails.cloud_templates import SERVERLESS_FUNCTION, CloudTemplates
from constructs_lib.guardrails.names_of_resources import DRAWN_BY_SECRETS_MANAGER, SECRET, for_a_call, name_of
from constructs_lib.guardrails.references import References
from constructs_lib.guardrails.service_publishers import values_at
from constructs_lib.guardrails.statement_limits import StatementLimits, named_in
from constructs_lib.guardrails.template_values import Located, as_list
from constructs_lib.principals import PRINCIPAL_ARN

_ROTATION = "AWS::SecretsManager::RotationSchedule"
_ATTACHMENT = "AWS::SecretsManager::SecretTargetAttachment"
_FUNCTIONS = ("AWS::Lambda::", SERVERLESS_FUNCTION)
_SERVICE, _CONTEXT = "secretsmanager", "kms:encryptioncontext:secretarn"
_CALLS = {
    (*DECRYPT, *GENERATE_DATA_KEY): "secrets_manager.write_secret",
    DECRYPT: "secrets_manager.read_secret",
}


@dataclass(frozen=True)
class UnadmittedRotation:
    """A rotation that fails because the policy of a key admits nobody for it.

    Attributes:
        place: The rotation.
        key: The key of a secret that it uses.
        call: What is to be called on the key.
    """

    place: Located
    key: Located
    call: str

    @property
    def who(self) -> str:
        """Who uses the key."""
        return "the function that rotates a secret"

    @property
    def remedy(self) -> str:
        """What to write, ready to be copied."""
        return (
            f"call key.allow({self.call}) on the key, with secrets_manager from constructs_lib.service_access and "
            "aws_iam as iam: IAM policies of the account then say who rotates that secret"
        )


def unadmitted_rotations(templates: CloudTemplates, keys: Iterable[Located]) -> list[UnadmittedRotation]:
    """Return each rotation of a secret under one of these keys for which the key policy admits nobody.

    Args:
        templates: Of the app.
        keys: Those that are watched.
    """
    references, ours = References(templates), set(keys)
    found = {}
    for place, _ in templates.resources(_ROTATION):
        functions = _functions(references, place)
        if functions is None:
            continue
        for secret, actions in _used(references, place, functions):
            for key in references.meant_by(secret.template, templates.properties(secret).get("KmsKeyId")):
                name, is_unnamed = name_of(references, secret), _makes_its_role(references, place, functions)
                if key in ours and not _admits(references, key, name, actions, is_unnamed=is_unnamed):
                    call = f'{_CALLS[actions]}(secret_name="{for_a_call(name)}"), iam.AccountRootPrincipal()'
                    found[place, key, call] = UnadmittedRotation(place, key, call)
    return list(found.values())


def _functions(references: References, place: Located) -> list[Located] | None:
    """Return what a rotation calls, as far as it is in these templates; None if it is a function of this app.

    The role of that is named by grants, which other rules check.
    """
    called = references.templates.properties(place).get("RotationLambdaARN")
    functions = references.meant_by(place.template, called)
    kinds = [str(references.templates.resource(each).get("Type")) for each in functions]
    return None if any(kind.startswith(_FUNCTIONS) for kind in kinds) else functions


def _makes_its_role(references: References, place: Located, functions: list[Located]) -> bool:
    """Whether the role of what rotates is made while it is deployed; if not, it exists already."""
    return bool(functions) or "HostedRotationLambda" in references.templates.properties(place)


def _used(
    references: References, place: Located, functions: list[Located]
) -> Iterator[tuple[Located, tuple[str, ...]]]:
    """Yield the secrets that are rotated, or read for that, with what is done with their keys."""
    rotation = references.templates.properties(place)
    for secret in _secrets(references, place.template, rotation.get("SecretId")):
        yield secret, (*DECRYPT, *GENERATE_DATA_KEY)
    masters = [(place.template, each) for each in values_at(rotation, "HostedRotationLambda.MasterSecretArn")]
    for each in functions:  # an application
        properties = references.templates.properties(each)
        masters += [(each.template, value) for value in values_at(properties, "Parameters.masterSecretArn")]
    for template, value in masters:
        for secret in _secrets(references, template, value):
            yield secret, DECRYPT


def _secrets(references: References, template: str, value: object) -> Iterator[Located]:
    for place in references.meant_by(template, value):
        resource = references.templates.resource(place)
        if resource.get("Type") == _ATTACHMENT:
            yield from _secrets(references, place.template, resource.get("Properties", {}).get("SecretId"))
        elif resource.get("Type") == SECRET:
            yield place


def _admits(references: References, key: Located, name: str, actions: Iterable[str], *, is_unnamed: bool) -> bool:
    policy = references.templates.properties(key).get("KeyPolicy", {})
    return any(
        set(actions) <= set(as_list(statement.get("Action")))
        for statement in as_list(policy.get("Statement"))
        if statement.get("Effect") == "Allow" and not str(statement.get("Sid")).startswith("Deployers")
        if any(
            not is_unnamed or references.text(key.template, who).endswith(":root")
            for who in named_in(statement, ("AWS",))
        )
        if _is_open_to(StatementLimits(references, key, statement), name, is_unnamed=is_unnamed)
    )


def _is_open_to(limits: StatementLimits, name: str, *, is_unnamed: bool) -> bool:
    patterns = [any("*" in arn for arn in arns) for arns in limits.values(PRINCIPAL_ARN.lower())]
    return (
        limits.include_service(_SERVICE)
        and limits.include(f"{name}-{DRAWN_BY_SECRETS_MANAGER}", _CONTEXT)
        and (all(patterns) or not is_unnamed)
    )
