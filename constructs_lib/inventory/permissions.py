"""Permissions: whom the IAM policies of an app allow an action on one resource.

It reads identity policies as IAM decides them, and where only the deployment knows a part, as more than it may turn out
to be: a token in an effect as `Allow`, in an action or a resource as `*`. A `Deny` counts where it is certain and
without conditions. Conditions on tags that the templates tell are decided; any other is told beside the name. Whoever
may write the tag that his policy asks for is told with it.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html

Not read: permissions boundaries, service control policies, memberships of groups, tags that somebody takes away, and
managed policies that the app neither defines nor names, or that AWS writes, but for those that are known here to allow
everything asked.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Any

from constructs_lib.certificate_actions import EXPORT_CERTIFICATE
from constructs_lib.guardrails.deployed_stack import may_be_one
from constructs_lib.guardrails.identity_policies import GROUP, USER, Holder, IdentityPolicy, identity_policies
from constructs_lib.guardrails.names_in_texts import name_of_holder
from constructs_lib.guardrails.references import References
from constructs_lib.guardrails.template_values import Located, as_list
from constructs_lib.inventory.listed_certificate import Permitted
from constructs_lib.inventory.named_resource import NamedResource
from constructs_lib.inventory.tag_conditions import needed_tags, undecided
from constructs_lib.secret_actions import GET_SECRET_VALUE

_UNKNOWN = re.compile(r"\$\{.*\}", re.DOTALL)
_HOLDERS = ("AWS::IAM::Role", USER, GROUP)
_OF_AWS = ":iam::aws:policy/"
_ALL = "{0}:*"  # of the service of an action
# https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
_ALLOWING: Mapping[str, tuple[str, ...]] = {
    "AdministratorAccess": ("*",),
    "PowerUserAccess": ("*",),
    "AWSCertificateManagerFullAccess": (_ALL.format(*EXPORT_CERTIFICATE[0].split(":")),),
    "SecretsManagerReadWrite": (_ALL.format(*GET_SECRET_VALUE[0].split(":")),),
}

Refuses = Callable[[Holder], bool]
"""Whether a resource's own policy certainly denies an action to somebody."""


class Permissions:
    """The identity policies of an app."""

    def __init__(self, references: References) -> None:
        """Keep the references.

        Args:
            references: Of the app.
        """
        self._references = references

    @cached_property
    def _policies(self) -> list[IdentityPolicy]:
        return [*identity_policies(self._references), *self._written_by_aws()]

    def permitted(
        self, action: str, resource: NamedResource, *, refuses: Refuses = lambda _: False
    ) -> tuple[Permitted, ...]:
        """Return who may do something to a resource, by name.

        Args:
            action: An IAM action.
            resource: The certificate or secret.
            refuses: Whether the resource's own policy certainly denies it to somebody. Default: it has none.
        """
        denied = self._denied(action, resource)
        found: dict[Permitted, None] = {}
        for policy, statement in self._statements():
            holder = policy.holder
            if holder in denied or not may_be_one(resource.account, holder.account) or refuses(holder):
                continue
            if self._may_allow(policy, statement, action, resource):
                found |= dict.fromkeys(self._ways(policy, statement, action, resource))
        always = {each.who for each in found if each == Permitted(each.who)}
        return tuple(sorted(each for each in found if each == Permitted(each.who) or each.who not in always))

    @cached_property
    def unread(self) -> dict[str, int]:
        """The managed policies that no template defines and nothing here knows, and how many hold each."""
        found: dict[str, int] = {}
        for _, name in self._attached():
            if name.rpartition("/")[2] not in _ALLOWING:
                found[name] = found.get(name, 0) + 1
        return dict(sorted(found.items()))

    def _ways(
        self, policy: IdentityPolicy, statement: Mapping[str, Any], action: str, resource: NamedResource
    ) -> Iterator[Permitted]:
        """Yield how a statement's conditions are met: by the tags that a resource has, or that he may write first."""
        path = policy.place.template
        who = name_of_holder(self._references.templates, policy.holder, policy.place)
        conditions = undecided(self._references, path, statement, action, resource)
        if conditions is not None:
            yield Permitted(who, conditions)
            return
        for tags in needed_tags(self._references, path, statement, resource):
            tagged = replace(resource, tags={**resource.tags, **tags})
            after = undecided(self._references, path, statement, action, tagged)
            before = self._tagging(policy.holder, resource, tags)
            if after is not None and before is not None:
                written = tuple(f"{key}={value}" for key, value in tags.items())
                yield Permitted(who, tuple(dict.fromkeys((*before, *after))), written)
                return

    def _tagging(self, holder: Holder, resource: NamedResource, tags: Mapping[str, str]) -> tuple[str, ...] | None:
        """Return the conditions under which somebody may write tags, or None if he may not."""
        action, told = resource.tagged_by, list[str]()
        if not action or holder in self._denied(action, resource):
            return None
        allowing = [
            (policy.place.template, statement)
            for policy, statement in self._statements()
            if policy.holder == holder and self._may_allow(policy, statement, action, resource)
        ]
        for key, value in tags.items():
            ways = [
                undecided(self._references, path, statement, action, resource, request={key: value})
                for path, statement in allowing
            ]
            open_ways = sorted((way for way in ways if way is not None), key=len)
            if not open_ways:
                return None
            told.extend(open_ways[0])
        return tuple(told)

    def _denied(self, action: str, resource: NamedResource) -> set[Holder]:
        return {policy.holder for policy, each in self._statements() if self._denies(policy, each, action, resource)}

    def _statements(self) -> Iterator[tuple[IdentityPolicy, Mapping[str, Any]]]:
        return ((policy, statement) for policy in self._policies for statement in policy.statements())

    def _may_allow(
        self, policy: IdentityPolicy, statement: Mapping[str, Any], action: str, resource: NamedResource
    ) -> bool:
        effect = self._texts(policy, statement.get("Effect"))
        if not any(text == "Allow" or _UNKNOWN.search(text) for text in effect):
            return False
        if not self._names_action(policy, statement, action):
            return False
        path = policy.place.template
        if "NotResource" in statement:
            excepted = as_list(statement["NotResource"])
            return not any(resource.is_meant(self._references, path, each) for each in excepted)
        named = as_list(statement.get("Resource"))
        return any(resource.may_be_meant(self._references, path, each) for each in named)

    def _denies(
        self, policy: IdentityPolicy, statement: Mapping[str, Any], action: str, resource: NamedResource
    ) -> bool:
        if statement.get("Effect") != "Deny" or statement.get("Condition") or "Action" not in statement:
            return False
        patterns = [text for text in self._texts(policy, statement["Action"]) if not _UNKNOWN.search(text)]
        named = as_list(statement.get("Resource"))
        return _matches(action, patterns) and any(
            resource.is_meant(self._references, policy.place.template, each) for each in named
        )

    def _names_action(self, policy: IdentityPolicy, statement: Mapping[str, Any], action: str) -> bool:
        if "NotAction" in statement:
            excepted = self._texts(policy, statement["NotAction"])
            return not _matches(action, [text for text in excepted if not _UNKNOWN.search(text)])
        return _matches(action, [_UNKNOWN.sub("*", text) for text in self._texts(policy, statement.get("Action"))])

    def _texts(self, policy: IdentityPolicy, value: object) -> list[str]:
        return [self._references.text(policy.place.template, each) for each in as_list(value)]

    def _written_by_aws(self) -> Iterator[IdentityPolicy]:
        for place, name in self._attached():
            allowed = _ALLOWING.get(name.rpartition("/")[2], ())
            if allowed:
                kind = self._references.templates.resource(place)["Type"]
                account = self._references.templates.stack(place.template).account
                statement = {"Effect": "Allow", "Action": list(allowed), "Resource": "*"}
                yield IdentityPolicy(place, Holder(kind, place, account=account), {"Statement": statement})

    def _attached(self) -> Iterator[tuple[Located, str]]:
        """Yield the managed policies of roles, users and groups that the app does not define, each by its name."""
        references = self._references
        for place, resource in references.templates.resources(*_HOLDERS):
            for each in as_list(resource.get("Properties", {}).get("ManagedPolicyArns")):
                text = references.text(place.template, each)
                if _OF_AWS in text:
                    yield place, text.partition(_OF_AWS)[2]
                elif not references.meant_by(place.template, each):
                    yield place, text


def _matches(action: str, patterns: list[str]) -> bool:
    return any(fnmatchcase(action.lower(), pattern.lower()) for pattern in patterns)
