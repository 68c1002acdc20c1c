import stat
from collections.abc import Sequence
from pathlib import Path

import pytest

from envelope.format.suites import CommitmentPolicy
from kms_envelope.exit_code import ExitCode
from tests.support.fake_kms import KEY_ARN, OTHER_KEY_ARN, FakeKms, client_error
from tests.support.kms_envelope_command import CONTEXT, KEY, FakeAws, run_command
from tests.support.sdk import ALGORITHMS, kms_provider, sdk_decrypt, sdk_encrypt

EU = ("--discover-region", "eu-central-1")
PLAINTEXT = bytes(range(256)) * 40
FRAMES = ("--frame-length", "1000")


@pytest.fixture
def aws() -> FakeAws:
    return FakeAws()


def encrypted(aws: FakeAws, path: Path, *options: str, context: Sequence[str] = CONTEXT) -> Path:
    result = run_command("encrypt", *KEY, *context, *FRAMES, *options, "-", path, aws=aws, piped=PLAINTEXT)
    assert result.exit_code == 0, result.stderr
    return path


@pytest.fixture
def message(aws: FakeAws, tmp_path: Path) -> Path:
    return encrypted(aws, tmp_path / "message")


@pytest.fixture
def signed(aws: FakeAws, tmp_path: Path) -> Path:
    return encrypted(aws, tmp_path / "message", "--sign")


@pytest.mark.parametrize("options", [(), ("--sign",)])
def test_a_message_becomes_a_file_that_only_its_owner_reads(
    options: tuple[str, ...], aws: FakeAws, tmp_path: Path
) -> None:
    message = encrypted(aws, tmp_path / "message", *options)

    result = run_command("decrypt", *KEY, *CONTEXT, message, tmp_path / "plain", aws=aws)

    assert (result.exit_code, result.output) == (0, "")
    assert (tmp_path / "plain").read_bytes() == PLAINTEXT
    assert stat.S_IMODE((tmp_path / "plain").stat().st_mode) == 0o600


@pytest.mark.parametrize("options", [(), ("--sign",)])
def test_a_pipe_becomes_a_pipe(options: tuple[str, ...], aws: FakeAws, tmp_path: Path) -> None:
    message = encrypted(aws, tmp_path / "message", *options)

    result = run_command("decrypt", *KEY, *CONTEXT, "-", "-", aws=aws, piped=message.read_bytes())

    assert (result.exit_code, result.stdout_bytes) == (0, PLAINTEXT)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("0-0", 0, 0),
        ("990-1010", 990, 1010),
        ("10000-", 10000, 10239),
        ("-5", 10235, 10239),
        ("10239-99999", 10239, 10239),
    ],
)
def test_a_range_of_a_file(text: str, first: int, last: int, aws: FakeAws, message: Path) -> None:
    result = run_command("decrypt", *KEY, *CONTEXT, "--range", text, message, "-", aws=aws)

    assert (result.exit_code, result.stdout_bytes) == (0, PLAINTEXT[first : last + 1])


def test_a_range_past_the_end_is_nothing(aws: FakeAws, message: Path) -> None:
    result = run_command("decrypt", *KEY, *CONTEXT, "--range", "10240-10250", message, "-", aws=aws)

    assert (result.exit_code, result.stdout_bytes) == (0, b"")


def test_a_range_of_an_object_fetches_the_frames_that_hold_it(aws: FakeAws, message: Path) -> None:
    data = message.read_bytes()
    aws.objects.content["backups/orders.enc?versionId=seven"] = data

    result = run_command(
        "decrypt", *KEY, *CONTEXT, "--range", "9990-10010", "s3://backups/orders.enc?versionId=seven", "-", aws=aws
    )

    assert (result.exit_code, result.stdout_bytes) == (0, PLAINTEXT[9990:10011])
    assert None not in aws.objects.ranges


def test_refuses_a_range_of_a_pipe(aws: FakeAws, message: Path) -> None:
    result = run_command("decrypt", *KEY, *CONTEXT, "--range", "0-9", "-", "-", aws=aws, piped=message.read_bytes())

    assert result.exit_code == ExitCode.USAGE
    assert "got a pipe" in result.stderr


def test_refuses_a_range_of_a_signed_message_unless_it_is_told_to(aws: FakeAws, signed: Path) -> None:
    arguments = ("decrypt", *KEY, *CONTEXT, "--range", "0-9", signed, "-")

    refused = run_command(*arguments, aws=aws)
    read = run_command(*arguments, "--unsafe-unsigned-range", aws=aws)

    assert (refused.exit_code, refused.stdout_bytes) == (ExitCode.USAGE, b"")
    assert (read.exit_code, read.stdout_bytes) == (0, PLAINTEXT[:10])


def test_refuses_the_unsafe_choice_without_a_range(aws: FakeAws, signed: Path) -> None:
    result = run_command("decrypt", *KEY, *CONTEXT, "--unsafe-unsigned-range", signed, "-", aws=aws)

    assert result.exit_code == ExitCode.USAGE
    assert "--unsafe-unsigned-range is for --range" in result.stderr


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--context", "tenant=blue", "--context", "stage=prod"), 0),
        (("--context-at-least", "tenant=blue"), 0),
        (("--context", "tenant=blue"), ExitCode.NOT_AUTHENTIC),
        (("--context-at-least", "tenant=red"), ExitCode.NOT_AUTHENTIC),
        (("--no-context",), ExitCode.NOT_AUTHENTIC),
    ],
)
def test_the_encryption_context_is_demanded(options: tuple[str, ...], code: int, aws: FakeAws, tmp_path: Path) -> None:
    message = encrypted(aws, tmp_path / "message", context=(*CONTEXT, "--context", "stage=prod"))

    assert run_command("decrypt", *KEY, *options, message, tmp_path / "plain", aws=aws).exit_code == code
    assert (tmp_path / "plain").exists() is (code == 0)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--key", OTHER_KEY_ARN, "--key", KEY_ARN), 0),
        (("--discover-account", "111122223333", *EU), 0),
        (("--discover-account", "111122223333", *EU, "--discover-region", "us-east-1"), 0),
        (("--key", OTHER_KEY_ARN), ExitCode.NOT_AUTHENTIC),
        (("--discover-account", "444455556666", *EU), ExitCode.NOT_AUTHENTIC),
        (("--discover-account", "111122223333", "--discover-region", "us-east-1"), ExitCode.NOT_AUTHENTIC),
        (("--discover-account", "111122223333", *EU, "--discover-partition", "aws-cn"), ExitCode.NOT_AUTHENTIC),
    ],
)
def test_only_keys_that_are_named_or_admitted_are_tried(
    options: tuple[str, ...], code: int, aws: FakeAws, message: Path
) -> None:
    assert run_command("decrypt", *options, *CONTEXT, message, "-", aws=aws).exit_code == code


@pytest.mark.parametrize(
    ("suite_id", "readers"),
    [
        (0x0178, {"REQUIRE_ENCRYPT_ALLOW_DECRYPT", "UNSAFE_ALLOW_WITHOUT_DERIVATION"}),
        (0x0078, {"UNSAFE_ALLOW_WITHOUT_DERIVATION"}),
    ],
)
def test_older_messages_are_read_where_the_commitment_policy_says_so(
    suite_id: int, readers: set[str], aws: FakeAws
) -> None:
    provider = kms_provider(aws.fake_kms, key_arn=KEY_ARN)
    context = {"tenant": "blue"}
    message = sdk_encrypt(PLAINTEXT, provider=provider, context=context, algorithm=ALGORITHMS[suite_id])

    by_default = run_command("decrypt", *KEY, *CONTEXT, "-", "-", aws=aws, piped=message)
    read = {
        policy.name
        for policy in CommitmentPolicy
        for ran in [
            run_command("decrypt", *KEY, *CONTEXT, "--commitment-policy", policy.name, "-", "-", aws=aws, piped=message)
        ]
        if (ran.exit_code, ran.stdout_bytes) == (0, PLAINTEXT)
    }

    assert (by_default.exit_code, by_default.stdout_bytes) == (ExitCode.MALFORMED, b"")
    named = by_default.stderr.rpartition("which --commitment-policy ")[2]
    assert named in {f"{policy} reads\n" for policy in readers}
    assert read == readers


def test_the_aws_encryption_sdk_reads_what_the_command_writes(aws: FakeAws, message: Path) -> None:
    provider = kms_provider(aws.fake_kms, key_arn=KEY_ARN)

    assert sdk_decrypt(message.read_bytes(), provider=provider) == (PLAINTEXT, {"tenant": "blue"})


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "one of --key, --discover-account must be given, got none"),
        ((*KEY, "--discover-account", "111122223333"), "got --key and --discover-account"),
        (("--discover-account", "111122223333"), "--discover-region must be given with --discover-account, got none"),
        ((*KEY, *EU), "--discover-region is for --discover-account"),
        ((*KEY, "--discover-partition", "aws"), "--discover-partition is for --discover-account"),
        (("--discover-account", "one", *EU), "--discover-account must be the twelve digits of an account"),
        ((*KEY, "--context-at-least", "a=b"), "got --context and --context-at-least"),
        ((*KEY, "--range", "5-4"), "range must be FIRST-LAST, FIRST- or -COUNT, got 5-4"),
        ((*KEY, "--commitment-policy", "NONE"), "'NONE' is not one of"),
    ],
)
def test_refuses_a_wrong_command_line(options: tuple[str, ...], said: str, aws: FakeAws, message: Path) -> None:
    result = run_command("decrypt", *options, *CONTEXT, message, "-", aws=aws)

    assert (result.exit_code, result.stdout_bytes) == (ExitCode.USAGE, b"")
    assert said in result.stderr
    assert result.stderr.count("\n") == 1


def test_an_expired_login_is_told_as_one(message: Path) -> None:
    aws = FakeAws(FakeKms(failure=client_error("ExpiredTokenException")))

    result = run_command("decrypt", *KEY, "--key", OTHER_KEY_ARN, *CONTEXT, message, "-", aws=aws)

    assert result.exit_code == ExitCode.ACCESS_DENIED
    assert result.stderr == "kms-envelope: AWS credentials must be valid, got ExpiredTokenException (log in again)\n"


def test_a_refusal_says_what_to_look_at(aws: FakeAws, message: Path) -> None:
    result = run_command("decrypt", *KEY, "--no-context", message, "-", aws=aws)

    assert result.exit_code == ExitCode.NOT_AUTHENTIC
    assert "kms-envelope inspect shows which keys" in result.stderr


@pytest.mark.parametrize("options", [(), ("--sign",)])
def test_refuses_a_message_that_is_cut_off_and_keeps_no_file(
    options: tuple[str, ...], aws: FakeAws, tmp_path: Path
) -> None:
    message = encrypted(aws, tmp_path / "message", *options)
    message.write_bytes(message.read_bytes()[:-1])

    result = run_command("decrypt", *KEY, *CONTEXT, message, tmp_path / "plain", aws=aws)

    assert result.exit_code in {ExitCode.MALFORMED, ExitCode.NOT_AUTHENTIC}
    assert [path.name for path in tmp_path.iterdir()] == ["message"]


def test_a_pipe_gets_frames_as_they_are_verified_and_the_exit_code_says_the_rest(aws: FakeAws, message: Path) -> None:
    damaged = bytearray(message.read_bytes())
    damaged[-20] ^= 1

    result = run_command("decrypt", *KEY, *CONTEXT, "-", "-", aws=aws, piped=bytes(damaged))

    assert result.exit_code == ExitCode.NOT_AUTHENTIC
    assert PLAINTEXT.startswith(result.stdout_bytes)


def test_a_pipe_gets_nothing_of_a_signed_message_that_is_damaged(aws: FakeAws, signed: Path) -> None:
    damaged = bytearray(signed.read_bytes())
    damaged[-1] ^= 1

    result = run_command("decrypt", *KEY, *CONTEXT, "-", "-", aws=aws, piped=bytes(damaged))

    assert (result.exit_code, result.stdout_bytes) == (ExitCode.NOT_AUTHENTIC, b"")


@pytest.mark.parametrize("data", [b"", b"no message at all", bytes(100)], ids=["nothing", "text", "zeros"])
def test_refuses_what_is_no_message(data: bytes, aws: FakeAws) -> None:
    result = run_command("decrypt", *KEY, *CONTEXT, "-", "-", aws=aws, piped=data)

    assert (result.exit_code, result.stdout_bytes) == (ExitCode.MALFORMED, b"")
