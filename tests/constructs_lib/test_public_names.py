import subprocess
import sys

import pytest

import constructs_lib
from constructs_lib.public_names import HOMES


def run(program: str) -> str:
    return subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout.strip()  # noqa: S603


@pytest.mark.parametrize("name", constructs_lib.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(constructs_lib, name).__name__ == name


def test_public_names_are_sorted_and_each_has_a_home() -> None:
    assert constructs_lib.__all__ == sorted(HOMES)


def test_every_public_name_is_listed_before_it_is_loaded() -> None:
    assert run("import constructs_lib; print(set(constructs_lib.__all__) - set(dir(constructs_lib)))") == "set()"
    assert {"__all__", "__doc__"} <= set(dir(constructs_lib))


def test_refuses_a_name_that_is_not_public() -> None:
    with pytest.raises(AttributeError, match=r"^module 'constructs_lib' has no attribute 'Nothing'$"):
        getattr(constructs_lib, "Nothing")  # noqa: B009  # mypy knows that there is none
    assert not hasattr(constructs_lib, "_unknown")


def test_importing_the_package_loads_nothing_of_the_cdk() -> None:
    loaded = run(
        "import constructs_lib, sys; print([m for m in ('aws_cdk', 'jsii', 'constructs') if m in sys.modules])"
    )

    assert loaded == "[]"


@pytest.mark.parametrize(
    "module", ["actions", "errors", "principals", "statements", "key_policy", "alias_name", "guardrails.cycles"]
)
def test_policies_are_made_without_the_cdk(module: str) -> None:
    assert run(f"import constructs_lib.{module}, sys; print('aws_cdk' in sys.modules)") == "False"


def test_the_names_that_need_no_cdk_load_none() -> None:
    assert run(
        "from constructs_lib import Administration, ConfigurationError; import sys; print('jsii' in sys.modules)"
    ) == ("False")
