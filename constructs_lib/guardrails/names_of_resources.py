"""What a resource will be called: as its template says, or as CloudFormation makes names, with `*` for what is random.

What only the deployment knows stands as `${...}`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from constructs_lib.execution_policy.template_arns import generated_name
from constructs_lib.guardrails.cloud_templates import CloudTemplates
from constructs_lib.guardrails.references import References
from constructs_lib.guardrails.template_values import Located
from constructs_lib.principals import arn_parts

UNKNOWN = "${name}"
FOR_YOU = "<its literal name>"
"""What stands in a call for what only its author knows."""

RULE = "AWS::Events::Rule"
SECRET = "AWS::SecretsManager::Secret"  # noqa: S105  # a type of resource
DRAWN = "XXXXXXXXXXXX"
"""What may stand where CloudFormation appends characters to a name that it makes."""
DRAWN_BY_SECRETS_MANAGER = "XXXXXX"
"""Likewise where Secrets Manager appends some to the name in an ARN."""
TOPIC = "AWS::SNS::Topic"
_BUS = "AWS::Events::EventBus"
_BUCKET = "AWS::S3::Bucket"
_DEFAULT_BUS = "default"
_HIDDEN = 11  # characters that an asterisk stands for, beside itself


@dataclass(frozen=True)
class NameProperty:
    """Where resources of a type hold their name.

    Attributes:
        name: The property.
        longest: How many characters the name has at most.
    """

    name: str
    longest: int


# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-name.html
NAMES: Mapping[str, NameProperty] = {
    "AWS::CloudTrail::Trail": NameProperty("TrailName", 128),
    _BUS: NameProperty("Name", 256),
    RULE: NameProperty("Name", 64),
    "AWS::Lambda::Function": NameProperty("FunctionName", 64),
    "AWS::Logs::LogGroup": NameProperty("LogGroupName", 512),
    _BUCKET: NameProperty("BucketName", 63),
    SECRET: NameProperty("Name", 512),
    TOPIC: NameProperty("TopicName", 256),
}


def name_at(references: References, place: Located, property_name: str) -> str:
    """Return the name that a property of a resource holds, or of the resource to which it refers, or that it will get.

    Args:
        references: Of the app.
        place: The resource.
        property_name: The property, of which a name or an ARN is the value.
    """
    given = references.templates.properties(place).get(property_name)
    if given is None:
        return _generated(references.templates, place)
    for target in references.meant_by(place.template, given):
        kind = references.templates.resource(target).get("Type")
        if kind in NAMES:
            return name_of(references, target)
    text = references.text(place.template, given)
    return _last_part(text) if text.startswith("arn:") else text


def _last_part(arn: str) -> str:
    resource = arn_parts(arn)[5]
    return resource.partition("/")[2] or resource


def name_of(references: References, place: Located) -> str:
    """Return the name of a resource of one of the types in `NAMES`.

    Args:
        references: Of the app.
        place: The resource.
    """
    kind = references.templates.resource(place).get("Type", "")
    return name_at(references, place, NAMES[kind].name)


def rule_at(references: References, place: Located) -> str:
    """Return the name of a rule as its ARN has it: behind that of its event bus, unless that is the default one.

    Args:
        references: Of the app.
        place: The rule.
    """
    name = name_at(references, place, NAMES[RULE].name)
    if "EventBusName" not in references.templates.properties(place):
        return name
    bus = name_at(references, place, "EventBusName")
    return name if bus == _DEFAULT_BUS else f"{bus}/{name}"


def for_a_call(name: str) -> str:
    """Return a name as somebody may write it into a call: not what only the deployment knows.

    Args:
        name: A name, or a pattern of it.

    Examples:
        >>> for_a_call("${Parameter}-logs")
        '<its literal name>'
    """
    return FOR_YOU if "${" in name else name


def _generated(templates: CloudTemplates, place: Located) -> str:
    kind = templates.resource(place).get("Type", "")
    if kind not in NAMES:
        return UNKNOWN
    if kind == SECRET:  # named without its stack
        return f"{place.logical_id}-*"
    stack = _stack_name(templates, place.template)
    longest = NAMES[kind].longest - stack.count("*") * _HIDDEN
    name = generated_name(stack, place.logical_id, longest)
    return name.lower() if kind == _BUCKET else name


def _stack_name(templates: CloudTemplates, path: str) -> str:
    parent = templates.nested_in(path)
    if parent is None:
        return templates.stack(path).name
    return f"{_stack_name(templates, parent.template)}-{parent.logical_id}-*"
