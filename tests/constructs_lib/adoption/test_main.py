import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from constructs_lib.adoption.__main__ import main
from tests.support.child_process import run_python
from tests.support.key_statements import ACCOUNT, READER, allow

ROOT = Path(__file__).resolve().parents[3]
ADMINISTRATION = allow(ACCOUNT, "kms:PutKeyPolicy", sid="AccountAdministration")


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """Write a template with a key for one administrator, an account that is left open, and a role without a name."""
    account = {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}}
    reader = allow({"AWS": {"Fn::GetAtt": ["Reader", "Arn"]}}, "kms:Decrypt", sid="Decrypters")
    policy = {"Statement": [{**ADMINISTRATION, "Principal": account}, reader]}
    resources = {
        "Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": policy}},
        "Reader": {"Type": "AWS::IAM::Role", "Properties": {"Path": "/data/"}},
    }
    path = tmp_path / "Orders.template.json"
    path.write_text(json.dumps({"Resources": resources}))
    return path


@pytest.fixture
def resources(tmp_path: Path) -> Path:
    """Write what CloudFormation says about the stack."""
    path = tmp_path / "resources.json"
    path.write_text(
        json.dumps({"StackResourceSummaries": [{"LogicalResourceId": "Reader", "PhysicalResourceId": "Reader"}]})
    )
    return path


def _today(*statements: dict[str, Any]) -> io.StringIO:
    return io.StringIO(json.dumps({"Version": "2012-10-17", "Statement": list(statements)}))


def test_equal_policies_end_with_zero(template: Path, resources: Path) -> None:
    output = io.StringIO()
    arguments = ["--template", str(template), "--account", "111122223333", "--resources", str(resources)]

    code = main(arguments, today=_today(allow(READER, "kms:Decrypt", sid="Decrypters"), ADMINISTRATION), output=output)

    assert (code, output.getvalue()) == (0, "Both policies say the same.\n")


def test_different_policies_end_with_one(template: Path) -> None:
    output = io.StringIO()

    code = main(["--template", str(template), "--key", "Key"], today=_today(allow(ACCOUNT, "kms:*")), output=output)

    assert code == 1
    assert output.getvalue().startswith("Key: its key policy today (-) and in Orders.template.json (+)\n\nStatements\n")
    assert "say --account" in output.getvalue()


@pytest.mark.parametrize(
    ("arguments", "today", "message"),
    [
        (["--template", "absent.json"], "{}", "template must be one that 'cdk synth' wrote, got absent.json"),
        (["--template", "TEMPLATE", "--key", "Lock"], '{"Statement": []}', "key must be the logical id"),
        (["--template", "TEMPLATE"], "no JSON", "the policy of today must be JSON, got 'no JSON'"),
        (
            ["--template", "TEMPLATE"],
            '{"Statement": [{}]}',
            "Effect must be Allow or Deny, got None in statement (no Sid",
        ),
        (["--template", "TEMPLATE", "--resources", "absent.json"], "{}", "resources must be a file, got absent.json"),
    ],
)
def test_refuses_bad_input_with_two(
    template: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], today: str, message: str
) -> None:
    said = [str(template) if argument == "TEMPLATE" else argument for argument in arguments]

    assert main(said, today=io.StringIO(today)) == 2

    captured = capsys.readouterr()
    assert captured.err.startswith(message)
    assert not captured.out


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)
_STATEMENTS = st.fixed_dictionaries(
    {},
    optional={
        "Sid": _VALUES,
        "Effect": st.sampled_from(["Allow", "Deny", "", None]),
        "Principal": st.just({"AWS": ACCOUNT}) | _VALUES,
        "NotPrincipal": _VALUES,
        "Action": st.just("kms:*") | _VALUES,
        "NotAction": _VALUES,
        "Resource": _VALUES,
        "Condition": _VALUES | st.dictionaries(st.text(max_size=8), _VALUES, max_size=2),
    },
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(statements=st.lists(_STATEMENTS, max_size=3) | _VALUES)
def test_whatever_stands_in_a_policy_ends_with_one_of_the_codes(template: Path, statements: Any) -> None:
    today = io.StringIO(json.dumps({"Statement": statements}))

    assert main(["--template", str(template)], today=today, output=io.StringIO()) in {1, 2}


def test_refuses_to_run_without_a_template(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([], today=io.StringIO("{}"))

    assert ended.value.code == 2
    assert "--template" in capsys.readouterr().err


def test_it_loads_nothing_of_the_cdk() -> None:
    program = "import sys, constructs_lib.adoption.__main__; print({'aws_cdk', 'jsii', 'constructs'} & {*sys.modules})"

    assert run_python(program, cwd=ROOT, environment={}).stdout == "set()\n"
