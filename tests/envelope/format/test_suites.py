import pytest

from envelope.errors import MalformedMessage
from envelope.format.suites import COMMITTING, COMMITTING_SIGNED, SUITES, CommitmentPolicy, suite_with_id

STRICT = CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT
ALLOW = CommitmentPolicy.REQUIRE_ENCRYPT_ALLOW_DECRYPT
UNSAFE = CommitmentPolicy.UNSAFE_ALLOW_WITHOUT_DERIVATION
WITH_DERIVATION = {0x0378, 0x0346, 0x0214, 0x0178, 0x0146, 0x0114}
WITHOUT_DERIVATION = {0x0078, 0x0046, 0x0014}


def test_knows_every_published_suite() -> None:
    assert set(SUITES) == {0x0478, 0x0578} | WITH_DERIVATION | WITHOUT_DERIVATION
    assert {suite.suite_id for suite in SUITES.values() if suite.signature} == {0x0578, 0x0378, 0x0346, 0x0214}
    # The second digit of an id says how long the key is.
    assert all(suite.key_bytes * 8 == {"7": 256, "4": 192, "1": 128}[suite.name[2]] for suite in SUITES.values())


@pytest.mark.parametrize(
    ("policy", "admitted"),
    [
        (STRICT, {0x0478, 0x0578}),
        (ALLOW, {0x0478, 0x0578} | WITH_DERIVATION),
        (UNSAFE, {0x0478, 0x0578} | WITH_DERIVATION | WITHOUT_DERIVATION),
    ],
    ids=lambda value: value.name if isinstance(value, CommitmentPolicy) else "",
)
def test_a_policy_admits_exactly_its_suites(policy: CommitmentPolicy, admitted: set[int]) -> None:
    assert {suite.suite_id for suite in SUITES.values() if policy.admits(suite)} == admitted
    for suite in SUITES.values():
        if suite.suite_id in admitted:
            assert suite_with_id(suite.suite_id, message_format=suite.message_format, policy=policy) is suite
        else:
            with pytest.raises(MalformedMessage, match=rf"policy {policy.name} reads .*, got {suite.name}$"):
                suite_with_id(suite.suite_id, message_format=suite.message_format, policy=policy)


@pytest.mark.parametrize("suite_id", [0x0000, 0x0479, 0x0678, 0xFFFF])
def test_refuses_what_no_suite_is_called(suite_id: int) -> None:
    for message_format in (1, 2):
        with pytest.raises(
            MalformedMessage, match=f"must be one of message format {message_format}, got {suite_id:04x}$"
        ):
            suite_with_id(suite_id, message_format=message_format, policy=UNSAFE)


@pytest.mark.parametrize(("suite", "other"), [(COMMITTING, 1), (COMMITTING_SIGNED, 1), (SUITES[0x0178], 2)])
def test_refuses_a_suite_of_the_other_format(suite: object, other: int) -> None:
    assert suite in SUITES.values()
    with pytest.raises(MalformedMessage, match=f"must be one of message format {other}"):
        suite_with_id(suite.suite_id, message_format=other, policy=UNSAFE)  # type: ignore[attr-defined]
