"""The table of what creators make with keys: it agrees with CloudFormation's handlers and with the catalogue."""

from importlib import import_module

import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.execution_policy.handler_permissions import handler_facts
from constructs_lib.guardrails.created_with_keys import ADMITTING, CREATED_WITH_KEYS
from constructs_lib.service_access.creators import CREATORS
from constructs_lib.service_access.service_use import ServiceUse

# Types that nothing here deploys, so that their handlers stand nowhere.
WITHOUT_FACTS = {
    "AWS::Backup::LogicallyAirGappedBackupVault",
    "AWS::CloudTrail::EventDataStore",
    "AWS::EC2::Instance",
    "AWS::StepFunctions::Activity",
}


@pytest.mark.parametrize("kind", CREATED_WITH_KEYS)
def test_the_properties_of_a_type_hold_keys_of_services_in_the_catalogue(kind: str) -> None:
    assert {service for services in CREATED_WITH_KEYS[kind].values() for service in services} <= set(CREATORS)


@pytest.mark.parametrize("kind", [kind for kind in CREATED_WITH_KEYS if kind not in WITHOUT_FACTS])
def test_what_the_handlers_of_a_type_do_with_a_key_is_in_the_table(kind: str) -> None:
    keys = handler_facts(kind, "here").facts["keys"]

    assert keys
    for path, service in keys.items():
        assert service in CREATED_WITH_KEYS[kind][path.replace("[]", "")]


@pytest.mark.parametrize("kind", ["AWS::RDS::DBCluster", "AWS::RDS::DBInstance"])
def test_the_key_of_a_managed_master_password_is_used_through_both_services(kind: str) -> None:
    assert CREATED_WITH_KEYS[kind]["MasterUserSecret.KmsKeyId"] == ("rds", "secretsmanager")


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
