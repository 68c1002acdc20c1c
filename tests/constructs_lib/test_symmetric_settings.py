from typing import Any

import aws_cdk as cdk
import pytest

from constructs_lib import ConfigurationError, KeyMaterial
from constructs_lib.symmetric_settings import check_services, rotation_properties


@pytest.mark.parametrize(
    ("period", "days"), [(None, 365), (cdk.Duration.days(90), 90), (cdk.Duration.days(2560), 2560)]
)
def test_a_key_rotates_in_its_period(period: cdk.Duration | None, days: int) -> None:
    assert rotation_properties({}, period) == {"enable_key_rotation": True, "rotation_period_in_days": days}


def test_imported_material_does_not_rotate_by_itself() -> None:
    assert rotation_properties({"material": KeyMaterial.IMPORTED}, None) == {}


@pytest.mark.parametrize("services", [None, [], ["lambda", "rds"]])
def test_services_may_be_all_none_or_some(services: list[str] | None) -> None:
    check_services(services)


@pytest.mark.parametrize("services", ["lambda", ["Lambda"], ["rds", ""], [7], 7, {"rds"}])
def test_refuses_services_that_kms_does_not_know(services: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"^services must be"):
        check_services(services)


@pytest.mark.parametrize("period", [cdk.Duration.days(365), 365])
def test_refuses_a_period_for_material_that_does_not_rotate(period: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"^rotation_period must be left out for imported material, .*got 365"):
        rotation_properties({"material": KeyMaterial.IMPORTED}, period)
