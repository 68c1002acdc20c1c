import json

from envelope import limits
from envelope.format.frames import body_length


def base64_length(length: int) -> int:
    return (length + 2) // 3 * 4


# Largest request of a synchronous invocation (Lambda quotas: 6 MB).
REQUEST_BYTES_MAX = 6 * 1024 * 1024
# JSON writes the byte 00 as six characters.
WORST_CONTEXT = {"k": "\x00" * (limits.CONTEXT_BYTES_MAX - 7)}
# The parts of a header without context and data keys, and one data key with the longest ARN and blob that KMS knows.
LARGEST_HEADER = 92 + limits.CONTEXT_BYTES_MAX + 6 + 7 + 2048 + limits.KMS_CIPHERTEXT_BYTES_MAX


def test_the_largest_plaintext_makes_a_message_that_a_request_may_hold() -> None:
    body = body_length(limits.PLAINTEXT_BYTES_MAX, frame_length=limits.FRAME_BYTES_DEFAULT)

    assert LARGEST_HEADER + body <= limits.MESSAGE_BYTES_MAX


def test_the_largest_requests_fit_into_an_invocation() -> None:
    for field, most in (("plaintext", limits.PLAINTEXT_BYTES_MAX), ("message", limits.MESSAGE_BYTES_MAX)):
        envelope = json.dumps({field: "", "encryption_context": WORST_CONTEXT})

        assert len(envelope) + base64_length(most) <= REQUEST_BYTES_MAX


def test_the_largest_answers_fit_into_an_invocation() -> None:
    encrypted = json.dumps({"message": ""})
    decrypted = json.dumps({"plaintext": "", "encryption_context": WORST_CONTEXT})

    assert len(encrypted) + base64_length(limits.MESSAGE_BYTES_MAX) <= limits.RESPONSE_BYTES_MAX
    assert len(decrypted) + base64_length(limits.MESSAGE_BYTES_MAX) <= limits.RESPONSE_BYTES_MAX


def test_the_default_frame_is_one_that_every_sdk_reads() -> None:
    assert limits.FRAME_BYTES_DEFAULT == 65536
    assert limits.FRAME_BYTES_DEFAULT % 128 == 0
