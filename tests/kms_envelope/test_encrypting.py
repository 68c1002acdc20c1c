from pathlib import Path

import pytest

from envelope.format.context import EncryptionContext
from envelope.format.header import UnverifiedHeader
from envelope.keys.kms_keyring import KmsKeyring
from envelope.keys.materials import FreshDataKeys
from envelope.message import decrypt
from kms_envelope.exit_code import ExitCode
from tests.support.fake_kms import KEY_ARN, OTHER_KEY_ARN, FakeKms, client_error
from tests.support.kms_envelope_command import CONTEXT, KEY, FakeAws, run_command

PLAINTEXT = bytes(range(256)) * 10


@pytest.fixture
def aws() -> FakeAws:
    return FakeAws()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "orders.csv"
    path.write_bytes(PLAINTEXT)
    return path


def opened(message: bytes, aws: FakeAws, context: dict[str, str], key_arn: str = KEY_ARN) -> bytes:
    keys = FreshDataKeys(KmsKeyring(aws.fake_kms, key_arn=key_arn))
    return bytes(decrypt(message, keys=keys, context=EncryptionContext.of(context)))


def test_a_file_becomes_a_message(aws: FakeAws, source: Path, tmp_path: Path) -> None:
    result = run_command("encrypt", *KEY, *CONTEXT, "--context", "note=a=b", source, tmp_path / "m", aws=aws)

    assert (result.exit_code, result.output) == (0, "")
    assert opened((tmp_path / "m").read_bytes(), aws, {"tenant": "blue", "note": "a=b"}) == PLAINTEXT


def test_a_pipe_becomes_a_message_in_a_pipe(aws: FakeAws) -> None:
    result = run_command("encrypt", *KEY, *CONTEXT, "-", "-", aws=aws, piped=PLAINTEXT)

    assert (result.exit_code, result.stderr) == (0, "")
    assert opened(result.stdout_bytes, aws, {"tenant": "blue"}) == PLAINTEXT


def test_an_object_becomes_a_message(aws: FakeAws) -> None:
    aws.objects.content["backups/orders.csv"] = PLAINTEXT

    result = run_command("encrypt", *KEY, "--no-context", "s3://backups/orders.csv", "-", aws=aws)

    assert opened(result.stdout_bytes, aws, {}) == PLAINTEXT


def test_each_key_can_decrypt_alone(aws: FakeAws, source: Path) -> None:
    message = run_command("encrypt", *KEY, "--key", OTHER_KEY_ARN, *CONTEXT, source, "-", aws=aws).stdout_bytes

    assert [opened(message, aws, {"tenant": "blue"}, key) for key in (KEY_ARN, OTHER_KEY_ARN)] == [PLAINTEXT] * 2


@pytest.mark.parametrize(
    ("options", "suite", "frame_length"),
    [((), "0478", 65_536), (("--sign",), "0578", 65_536), (("--frame-length", "4096"), "0478", 4_096)],
)
def test_options_decide_suite_and_frames(
    options: tuple[str, ...], suite: str, frame_length: int, aws: FakeAws, source: Path
) -> None:
    message = run_command("encrypt", *KEY, *CONTEXT, *options, source, "-", aws=aws).stdout_bytes

    header = UnverifiedHeader.parse(message)
    assert (header.suite.name, header.frame_length) == (suite, frame_length)
    assert opened(message, aws, {"tenant": "blue"}) == PLAINTEXT


def test_grant_tokens_and_connection_reach_aws(aws: FakeAws, source: Path) -> None:
    run_command(
        "encrypt", *KEY, *CONTEXT, "--grant-token", "one", "--grant-token", "two", "--profile", "backup",
        "--region", "eu-west-1", "--endpoint-url", "https://localhost:4566", source, "-", aws=aws,
    )  # fmt: skip

    assert [call.grant_tokens for call in aws.fake_kms.calls] == [("one", "two")]
    assert aws.options == ("backup", "eu-west-1", "https://localhost:4566")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((*CONTEXT,), "Missing option '--key'"),
        ((*KEY,), "one of --context, --no-context must be given, got none"),
        ((*KEY, *CONTEXT, "--no-context"), "got --context and --no-context"),
        ((*KEY, *CONTEXT, "--context", "tenant=red"), "must be given once, got one twice"),
        ((*KEY, "--context", "tenant"), "must be KEY=VALUE, got 'tenant'"),
        ((*KEY, "--context", "=blue"), "must be KEY=VALUE, got '=blue'"),
        ((*KEY, "--context", "aws-crypto-x=1"), "must not start with 'aws-crypto-'"),
        ((*CONTEXT, "--key", "alias/orders"), "--key must be the ARN of a KMS key, got 'alias/orders'"),
        ((*KEY, *KEY, *CONTEXT), "--key must be another key each time"),
        ((*KEY, *CONTEXT, "--frame-length", "0"), "0 is not in the range"),
        ((*KEY, *CONTEXT, "--endpoint-url", "localhost"), "must begin with https:// or http://"),
    ],
)
def test_refuses_a_wrong_command_line_before_anybody_is_asked(
    arguments: tuple[str, ...], said: str, aws: FakeAws, source: Path, tmp_path: Path
) -> None:
    result = run_command("encrypt", *arguments, source, tmp_path / "m", aws=aws)

    assert result.exit_code == ExitCode.USAGE
    assert said in result.stderr
    assert result.stderr.count("\n") == 1
    assert aws.fake_kms.calls == []
    assert [path.name for path in tmp_path.iterdir()] == ["orders.csv"]


def test_refuses_to_touch_an_output_before_anybody_is_asked(aws: FakeAws, source: Path, tmp_path: Path) -> None:
    (tmp_path / "m").write_bytes(b"precious")

    result = run_command("encrypt", *KEY, *CONTEXT, source, tmp_path / "m", aws=aws)

    assert result.exit_code == ExitCode.OUTPUT_EXISTS
    assert aws.fake_kms.calls == []
    assert (tmp_path / "m").read_bytes() == b"precious"


def test_overwrites_when_told_even_its_own_input(aws: FakeAws, source: Path) -> None:
    result = run_command("encrypt", *KEY, *CONTEXT, "--overwrite", source, source, aws=aws)

    assert result.exit_code == 0
    assert opened(source.read_bytes(), aws, {"tenant": "blue"}) == PLAINTEXT


@pytest.mark.parametrize(
    ("kms_says", "status", "code"),
    [
        ("AccessDeniedException", 400, ExitCode.ACCESS_DENIED),
        ("DisabledException", 400, ExitCode.ACCESS_DENIED),
        ("ExpiredTokenException", 400, ExitCode.ACCESS_DENIED),
        ("ThrottlingException", 400, ExitCode.UNAVAILABLE),
        ("KMSInternalException", 500, ExitCode.UNAVAILABLE),
        ("ValidationException", 400, ExitCode.USAGE),
    ],
)
def test_what_kms_answers_decides_the_exit_code(
    kms_says: str, status: int, code: ExitCode, source: Path, tmp_path: Path
) -> None:
    aws = FakeAws(FakeKms(failure=client_error(kms_says, status=status)))

    result = run_command("encrypt", *KEY, *CONTEXT, source, tmp_path / "m", aws=aws)

    assert result.exit_code == code
    assert result.stderr.startswith("kms-envelope: ")
    assert result.stderr.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["orders.csv"]


def test_refuses_an_input_that_is_not_there(aws: FakeAws, tmp_path: Path) -> None:
    result = run_command("encrypt", *KEY, *CONTEXT, tmp_path / "none", tmp_path / "m", aws=aws)

    assert result.exit_code == ExitCode.FILE
    assert result.stderr == f"kms-envelope: No such file or directory: {tmp_path / 'none'}\n"
