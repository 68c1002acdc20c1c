"""A cloud assembly as if it were deployed: every reference in its policies replaced by a literal value."""

import hashlib
import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.support.assembled import Assembled
from tests.support.policy_judge import Caller, Document, KmsKey

if TYPE_CHECKING:
    from constructs import IConstruct

ACCOUNT = "111122223333"
REGION = "eu-west-1"
OTHER_ACCOUNT = "444455556666"
OTHER_REGION = "us-east-1"

Place = tuple[str, str]
"""The name of a stack and a logical id in it."""

_PSEUDO_PARAMETERS = {
    "AWS::AccountId": ACCOUNT,
    "AWS::Region": REGION,
    "AWS::Partition": "aws",
    "AWS::URLSuffix": "amazonaws.com",
}
_REFERENCE = re.compile(r"\$\{([^}]+)\}")
_NAMED_BY = {"AWS::IAM::Role": "RoleName", "AWS::IAM::User": "UserName", "AWS::Logs::LogGroup": "LogGroupName"}


def place_of(construct: "IConstruct") -> Place:
    """Say where the main resource of a construct stands."""
    import aws_cdk as cdk  # noqa: PLC0415  # costs a second, which tests without the CDK need not pay

    stack = cdk.Stack.of(construct)
    resource = construct.node.default_child
    if not isinstance(resource, cdk.CfnElement):
        raise TypeError(f"{construct.node.path} must have a main resource")
    return stack.stack_name, stack.resolve(resource.logical_id)


@dataclass(frozen=True)
class LiteralTemplates:
    """The templates of an assembly with literal policies.

    Attributes:
        assembled: The templates.
        accounts: Stacks that are in another account than the rest.
    """

    assembled: Assembled
    accounts: Mapping[str, str] = field(default_factory=dict)

    def key(self, place: Place) -> KmsKey:
        """Return a key with its policy and aliases."""
        stack, logical_id = place
        aliases = [
            self.literal(where, properties["AliasName"])
            for where, _, properties in self.assembled.resources("AWS::KMS::Alias")
            if self.literal(where, properties["TargetKeyId"]) == self._name(stack, logical_id)
        ]
        policy = self.literal(stack, self._properties(place)["KeyPolicy"])
        return KmsKey(self._arn(stack, logical_id), policy, tuple(aliases))

    def caller(self, place: Place) -> Caller:
        """Return a role or user with the KMS statements of its policies."""
        return Caller(self._arn(*place), tuple(self._policies(place)))

    def inline_policies(self, place: Place) -> list[Document]:
        """Return the policies that stand in a role or user, whole."""
        return [self.literal(place[0], each["PolicyDocument"]) for each in self._properties(place).get("Policies", [])]

    def allowing(self, name: str, place: Place | None = None) -> list[Document]:
        """Return what policies beside a role or user allow it, whole: its name is enough for one that is imported."""
        return [self.literal(stack, document) for stack, document in self._beside(name, place)]

    def name(self, place: Place) -> str:
        """Return what a resource is called."""
        return self._name(*place)

    def literal(self, stack: str, value: Any) -> Any:
        """Return a value of a template with every intrinsic function evaluated."""
        if isinstance(value, list):
            return [self.literal(stack, part) for part in value]
        if isinstance(value, Mapping):
            if len(value) == 1 and next(iter(value)).startswith(("Fn::", "Ref")):
                return self._named(self.assembled.text(stack, self._picked(stack, value)))
            return {name: self.literal(stack, part) for name, part in value.items()}
        return value

    def _picked(self, stack: str, value: Any) -> Any:
        """Return a value with what is picked from a text that is split, such as the name in an ARN, as that text."""
        if isinstance(value, list):
            return [self._picked(stack, part) for part in value]
        if not isinstance(value, Mapping):
            return value
        if "Fn::Select" in value and "Fn::Split" in value["Fn::Select"][1]:
            number, split = value["Fn::Select"]
            separator, whole = split["Fn::Split"]
            return self.literal(stack, whole).split(separator)[int(number)]
        return {name: self._picked(stack, part) for name, part in value.items()}

    def _policies(self, place: Place) -> Iterator[Document]:
        name = self._name(*place)
        for policy in self._properties(place).get("Policies", []):
            yield from self._about_kms(place[0], policy["PolicyDocument"])
        for stack, document in self._beside(name, place):
            yield from self._about_kms(stack, document)

    def _beside(self, name: str, place: Place | None) -> Iterator[tuple[str, Document]]:
        named = self._properties(place).get("ManagedPolicyArns", []) if place else []
        by_itself = [self.literal(place[0], each) for each in named] if place else []
        for stack, logical_id, properties in self.assembled.resources("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"):
            holders = [*properties.get("Roles", []), *properties.get("Users", [])]
            if name in self.literal(stack, holders) or self._name(stack, logical_id) in by_itself:
                yield stack, properties["PolicyDocument"]

    def _about_kms(self, stack: str, document: Document) -> Iterator[Document]:
        statements = [
            statement
            for statement in document["Statement"]
            if any(
                action == "*" or action.startswith("kms:")
                for action in ([statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"])
            )
        ]
        if statements:
            yield self.literal(stack, {"Statement": statements})

    def _named(self, text: str) -> str:
        return _REFERENCE.sub(lambda found: self._meaning(found[1]), text)

    def _meaning(self, reference: str) -> str:
        if reference in _PSEUDO_PARAMETERS:
            return _PSEUDO_PARAMETERS[reference]
        stack, _, rest = reference.partition("/")
        logical_id, _, attribute = rest.partition(".")
        if attribute == "Arn":
            return self._arn(stack, logical_id)
        if not attribute:
            return self._name(stack, logical_id)
        raise LookupError(f"a policy must refer to what has a literal form here, got {reference}")

    def _properties(self, place: Place) -> Mapping[str, Any]:
        stack, logical_id = place
        return dict(self.assembled.templates[stack]["Resources"][logical_id].get("Properties", {}))

    def _name(self, stack: str, logical_id: str) -> str:
        kind = self.assembled.templates[stack]["Resources"][logical_id]["Type"]
        if kind == "AWS::KMS::Key":
            return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{stack}/{logical_id}"))
        if kind == "AWS::KMS::ReplicaKey":  # has the id of its primary key
            return str(self.literal(stack, self._properties((stack, logical_id))["PrimaryKeyArn"]).rpartition("/")[2])
        if kind == "AWS::SecretsManager::Secret":  # refers to itself by its ARN
            return self._arn(stack, logical_id)
        given = self._properties((stack, logical_id)).get(_NAMED_BY.get(kind, ""))
        random = hashlib.sha256(f"{stack}/{logical_id}".encode()).hexdigest()[:12]
        return str(self.literal(stack, given)) if given else f"{stack}-{logical_id}-{random}"

    def _arn(self, stack: str, logical_id: str) -> str:
        kind = self.assembled.templates[stack]["Resources"][logical_id]["Type"]
        account = self.accounts.get(stack, ACCOUNT)
        if kind == "AWS::SecretsManager::Secret":
            return f"arn:aws:secretsmanager:{REGION}:{account}:secret:{self._secret_name(stack, logical_id)}"
        name = self._name(stack, logical_id)
        path = self._properties((stack, logical_id)).get("Path", "/")
        forms = {
            "AWS::IAM::Role": f"arn:aws:iam::{account}:role{path}{name}",
            "AWS::IAM::User": f"arn:aws:iam::{account}:user{path}{name}",
            "AWS::KMS::Key": f"arn:aws:kms:{REGION}:{account}:key/{name}",
            "AWS::KMS::ReplicaKey": f"arn:aws:kms:{OTHER_REGION}:{account}:key/{name}",
            "AWS::Lambda::Function": f"arn:aws:lambda:{REGION}:{account}:function:{name}",
            "AWS::Logs::LogGroup": f"arn:aws:logs:{REGION}:{account}:log-group:{name}:*",
            "AWS::S3::Bucket": f"arn:aws:s3:::{name.lower()}",
            "AWS::SQS::Queue": f"arn:aws:sqs:{REGION}:{account}:{name}",
        }
        return forms[kind]

    def _secret_name(self, stack: str, logical_id: str) -> str:
        drawn = hashlib.sha256(f"{stack}/{logical_id}".encode()).hexdigest()
        given = self._properties((stack, logical_id)).get("Name", f"{logical_id}-{drawn[:12]}")
        return f"{self.literal(stack, given)}-{drawn[-6:]}"
