"""The rules of the house that no linter checks."""

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Source folder to the folder of its tests, which mirrors it. The embedded AWS is tested from outside, as an AWS.
MIRRORED = {
    "constructs_lib": "tests/constructs_lib",
    "kms_envelope": "tests/kms_envelope",
    "lambda_src/certificate_care": "tests/certificate_care",
    "lambda_src/envelope": "tests/envelope",
    "lambda_src/secret_rotation": "tests/secret_rotation",
}
WINGS = [*MIRRORED, "local_aws"]
FORBIDDEN_NAMES = {"utils", "helpers", "common", "base", "core", "manager", "misc", "constants", "types"}
MODULE_LINES, FUNCTION_LINES = 250, 40

HOMES_OF_ACTIONS = {
    ROOT / "constructs_lib" / name for name in ("actions.py", "secret_actions.py", "certificate_actions.py")
}
ACTION = re.compile(r"(?!aws:)[a-z][a-z0-9-]*:[A-Z*][A-Za-z*]*")
# Condition keys look like actions; all of those that KMS has stand in one file.
CONDITION_KEYS = ROOT / "constructs_lib" / "condition_operators.py"
CONDITION_KEY = re.compile(
    r"kms:(Via|Caller|Grant|EncryptionContext|Replica|Resource|Request|Key(Origin|Spec|Usage)|Bypass)\w*|iam:PolicyARN"
    r"|kms:(RotationPeriod|ScheduleKeyDeletionPendingWindow)InDays"
    r"|lambda:SourceFunctionArn"
    r"|secretsmanager:(VersionStage|ForceDeleteWithoutRecovery)"
    r"|acm:(DomainNames|KeyAlgorithm|ValidationMethod|Export|CertificateTransparencyLogging|CertificateAuthority)"
    r"|route53:ChangeResourceRecordSets(NormalizedRecordNames|RecordTypes|Actions)"
)
# Who in the rotation function may import what, by top-level package.
ROTATION_IMPORTS: dict[str, set[str]] = {"boto3": set(), "botocore": {"aws_answers", "handler", "overdue"}}
# Who in the certificate functions may.
CERTIFICATE_IMPORTS: dict[str, set[str]] = {
    "boto3": set(),
    "botocore": {"aws_answers", "clients"},
    "cryptography": {
        "chain",
        "certificate_files",
        "key_derivation",
        "private_key",
        "certificate_facts",
        "replacement",
    },
}
# Who in the other functions may.
ENVELOPE_IMPORTS: dict[str, set[str]] = {
    "cryptography": {"derive", "seal", "sign"},
    "boto3": set(),
    "botocore": {
        "clients",
        "kms_key",
        "kms_remedies",
        "kms_retries",
        "queue_sink",
        "record_sinks",
        "refusal",
        "retry_stop",
        "s3_retries",
        "sink_retries",
        "storage_errors",
        "stream_sink",
        "upload_client",
    },
}
LAMBDA_IMPORTS = {
    "certificate_care": CERTIFICATE_IMPORTS,
    "envelope": ENVELOPE_IMPORTS,
    "secret_rotation": ROTATION_IMPORTS,
}
# Where each Lambda reads its environment.
READS_ENVIRONMENT = {
    "certificate_care": {"importing", "issued", "request", "response_endpoint"},
    "envelope": {"deployment"},
    "secret_rotation": {"handler"},
}
BARE_SUPPRESSION = re.compile(r"#\s*(noqa(?!: [A-Z]+\d+)|type: ignore(?!\[[a-z]))")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def modules() -> list[Path]:
    found = [path for wing in WINGS for path in sorted((ROOT / wing).rglob("*.py"))]
    assert found, "no source found: the rules below would hold for nothing"
    return found


def functions(path: Path) -> Iterator[tuple[str, Function]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, Function):
            yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", node


def parameters(function: Function) -> list[ast.arg]:
    arguments = function.args
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]


def body_lines(function: Function) -> int:
    body = function.body if ast.get_docstring(function) is None else function.body[1:]
    return max(node.end_lineno or 0 for node in body) - body[0].lineno + 1 if body else 0


def is_public(function: Function) -> bool:
    return not function.name.startswith("_") or function.name == "__init__"


def strings_of(path: Path) -> list[tuple[int, str]]:
    tree = ast.walk(ast.parse(path.read_text()))
    return [(n.lineno, n.value) for n in tree if isinstance(n, ast.Constant) and isinstance(n.value, str)]


def imports_of(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.partition(".")[0])
    return names


@pytest.mark.parametrize("wing", MIRRORED)
def test_every_module_has_its_test_file(wing: str) -> None:
    source, tests = ROOT / wing, ROOT / MIRRORED[wing]
    missing = [
        str(expected.relative_to(ROOT))
        for path in sorted(source.rglob("*.py"))
        if not path.name.startswith("__")
        for expected in [tests / path.relative_to(source).parent / f"test_{path.name}"]
        if not expected.exists()
    ]

    assert missing == []


def test_no_module_is_named_after_nothing() -> None:
    assert [str(path) for path in modules() if FORBIDDEN_NAMES & {path.stem, *path.parent.parts}] == []


def test_no_module_is_longer_than_one_concept() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in modules()}

    assert {name: length for name, length in lengths.items() if length > MODULE_LINES} == {}


def test_no_function_is_longer_than_one_thought() -> None:
    lengths = {name: body_lines(function) for path in modules() for name, function in functions(path)}

    assert {name: length for name, length in lengths.items() if length > FUNCTION_LINES} == {}


def test_iam_actions_live_in_one_file() -> None:
    elsewhere = [
        f"{path.relative_to(ROOT)}:{line} {text}"
        for path in sorted((ROOT / "constructs_lib").rglob("*.py"))
        if path not in {*HOMES_OF_ACTIONS, CONDITION_KEYS}
        for line, text in strings_of(path)
        if ACTION.fullmatch(text) and not CONDITION_KEY.fullmatch(text)
    ]

    assert elsewhere == []
    for home in HOMES_OF_ACTIONS:
        assert [text for _, text in strings_of(home) if ACTION.fullmatch(text)]


@pytest.mark.parametrize("wing", LAMBDA_IMPORTS)
def test_each_import_of_the_lambda_is_in_its_room(wing: str) -> None:
    strangers = [
        f"{path.stem} imports {package}"
        for path in sorted((ROOT / "lambda_src" / wing).rglob("*.py"))
        for package, rooms in LAMBDA_IMPORTS[wing].items()
        if package in imports_of(path) and path.stem not in rooms
    ]

    assert strangers == []


@pytest.mark.parametrize("wing", READS_ENVIRONMENT)
def test_only_the_handler_reads_the_environment_of_the_lambda(wing: str) -> None:
    readers = {
        path.stem
        for path in (ROOT / "lambda_src" / wing).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
    }

    assert readers == READS_ENVIRONMENT[wing]


def test_no_public_function_takes_a_boolean() -> None:
    # Where an interface of the CDK imposes one, that is argued on its line, for ruff as well.
    takers = [
        f"{name}({parameter.arg})"
        for path in modules()
        for lines in [path.read_text().splitlines()]
        for name, function in functions(path)
        if is_public(function)
        for parameter in parameters(function)
        if parameter.annotation is not None and re.search(r"\bbool\b", ast.unparse(parameter.annotation))
        if "FBT001" not in lines[parameter.lineno - 1]
    ]

    assert takers == []


def test_after_scope_and_construct_id_everything_is_keyword_only() -> None:
    positional = [
        name
        for path in modules()
        for name, function in functions(path)
        for first, second in pairwise(argument.arg for argument in function.args.args)
        if (first, second) == ("scope", "construct_id") and function.args.args[-1].arg != "construct_id"
    ]

    assert positional == []


def test_every_suppression_says_of_what() -> None:
    tests = sorted((ROOT / "tests").rglob("*.py"))
    bare = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in [*modules(), *tests]
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if BARE_SUPPRESSION.search(line)
    ]

    assert bare == []
