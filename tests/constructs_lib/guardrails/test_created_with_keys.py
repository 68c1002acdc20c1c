"""The table of what creators make with keys: it agrees with CloudFormation's handlers and with the catalogue."""

from importlib import import_module

import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.execution_policy.handler_permissions import handler_facts
from constructs_lib.guardrails.created_with_keys import ADMITTING, CREATED_WITH_KEYS
from constructs_lib.service_access.creators import CREATORS
from constructs_lib.service_access.service_use import ServiceUse

# Types that nothing here deploys, so that their handlers stand nowhere.
WITHOUT_FACTS = {"AWS::EC2::Instance", "AWS::Lambda::EventSourceMapping", "AWS::StepFunctions::Activity"}


@pytest.mark.parametrize("kind", CREATED_WITH_KEYS)
def test_the_properties_of_a_type_hold_keys_of_services_in_the_catalogue(kind: str) -> None:
    assert set(CREATED_WITH_KEYS[kind].values()) <= set(CREATORS)


@pytest.mark.parametrize("kind", [kind for kind in CREATED_WITH_KEYS if kind not in WITHOUT_FACTS])
def test_what_the_handlers_of_a_type_do_with_a_key_is_in_the_table(kind: str) -> None:
    facts = {path.replace("[]", ""): service for path, service in handler_facts(kind, "here").facts["keys"].items()}

    assert facts.items() <= CREATED_WITH_KEYS[kind].items()


@pytest.mark.parametrize("kind", sorted(WITHOUT_FACTS))
def test_a_type_without_facts_is_none_that_has_them(kind: str) -> None:
    with pytest.raises(ConfigurationError):
        handler_facts(kind, "here")


@pytest.mark.parametrize("service", ADMITTING)
def test_a_call_admits_the_creator_and_nobody_else(service: str) -> None:
    module, _, call = ADMITTING[service].partition(".")
    use = getattr(import_module(f"constructs_lib.service_access.{module}"), call.removesuffix("()"))()

    assert isinstance(use, ServiceUse)
    assert (use.creator, use.running) == (service, ())
