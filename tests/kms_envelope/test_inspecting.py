import base64
import json
from pathlib import Path

import pytest

from kms_envelope.exit_code import ExitCode
from tests.support.fake_kms import KEY_ARN, OTHER_KEY_ARN
from tests.support.kms_envelope_command import CONTEXT, KEY, FakeAws, run_command

PLAINTEXT = bytes(10_240)


def encrypted(*options: str) -> bytes:
    frames = ("--frame-length", "1000")
    return run_command("encrypt", *KEY, *CONTEXT, *frames, *options, "-", "-", piped=PLAINTEXT).stdout_bytes


def test_a_table_says_what_a_message_says_of_itself(tmp_path: Path) -> None:
    message = encrypted("--key", OTHER_KEY_ARN, "--context", "stage=prod")
    (tmp_path / "m").write_bytes(message)

    result = run_command("inspect", tmp_path / "m")

    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "UNVERIFIED: only decrypting tells whether any of this is true.",
        "",
        "message format       2",
        "algorithm suite      0478 AES_256_GCM_HKDF_SHA512_COMMIT_KEY",
        "key commitment       yes",
        "signed               no",
        f"message id           {message[3:35].hex()}",
        "encryption context   stage=prod",
        "                     tenant=blue",
        f"encrypted data keys  aws-kms {KEY_ARN} (60 bytes)",
        f"                     aws-kms {OTHER_KEY_ARN} (60 bytes)",
        "header               423 bytes",
        f"message              {len(message):,} bytes",
        "frames               11 of 1,000 bytes",
        "plaintext            10,240 bytes",
    ]


@pytest.mark.parametrize("options", [(), ("--sign",)])
def test_json_says_the_same_of_a_pipe_a_file_and_an_object(options: tuple[str, ...], tmp_path: Path) -> None:
    message = encrypted(*options)
    (tmp_path / "m").write_bytes(message)
    aws = FakeAws(objects={"backups/m": message})

    said = [
        json.loads(run_command("inspect", "--json", source, aws=aws, piped=message).stdout)
        for source in ("-", tmp_path / "m", "s3://backups/m")
    ]

    assert said[0] == said[1] == said[2]
    assert said[0]["verified"] is False
    assert said[0]["signed"] is bool(options)
    assert (said[0]["frames"], said[0]["plaintext_bytes"], said[0]["message_bytes"]) == (11, 10_240, len(message))
    assert said[0]["encrypted_data_keys"] == [{"provider": "aws-kms", "key": KEY_ARN, "bytes": 60}]


def test_a_message_that_is_cut_off_is_shown_and_refused() -> None:
    result = run_command("inspect", "-", piped=encrypted("--sign")[:-1])

    assert result.exit_code == ExitCode.MALFORMED
    assert "plaintext            unknown: the message does not end as it should" in result.stdout
    assert "cut short or has more behind it" in result.stderr


@pytest.mark.parametrize("length", [423 + 3 * 1032 + 500, 423 + 40])
def test_a_message_that_is_cut_off_to_a_length_that_messages_have_is_refused_too(length: int, tmp_path: Path) -> None:
    data = encrypted("--key", OTHER_KEY_ARN, "--context", "stage=prod")[:length]
    (tmp_path / "m").write_bytes(data)
    aws = FakeAws(objects={"backups/m": data})

    for source in ("-", tmp_path / "m", "s3://backups/m"):
        result = run_command("inspect", source, aws=aws, piped=data)

        assert result.exit_code == ExitCode.MALFORMED
        assert "frames               unknown number of 1,000 bytes" in result.stdout
        assert "cut short or has more behind it" in result.stderr


@pytest.mark.parametrize("data", [b"", b"no message at all", bytes(100)], ids=["nothing", "text", "zeros"])
def test_refuses_what_is_no_message(data: bytes) -> None:
    result = run_command("inspect", "-", piped=data)

    assert (result.exit_code, result.stdout) == (ExitCode.MALFORMED, "")


def test_tells_base64_from_a_message() -> None:
    result = run_command("inspect", "-", piped=base64.b64encode(encrypted()))

    assert result.exit_code == ExitCode.MALFORMED
    assert "got their base64 text: decode it first" in result.stderr


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_nothing_that_a_message_says_controls_the_terminal(options: tuple[str, ...]) -> None:
    message = encrypted("--context", "note=\x1b[2Jgone\nplaintext            0 bytes\u202e")

    shown = run_command("inspect", *options, "-", piped=message).stdout

    assert not set(shown) & set("\x1b\u202e")
    assert [line for line in shown.splitlines() if line.startswith("plaintext")] in (
        [],
        ["plaintext            10,240 bytes"],
    )
