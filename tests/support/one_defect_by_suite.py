"""Messages of other suites with exactly one thing wrong: the fields that only they have, and their signatures."""

from collections.abc import Iterator

from envelope.format.suites import CommitmentPolicy
from tests.support.case import Case
from tests.support.good_messages import good_builder, wrapped
from tests.support.message_builder import DATA_KEY, MessageBuilder
from tests.support.one_defect import FORGED, MALFORMED
from tests.support.suite_facts import FACTS

_SIGNED = tuple(facts.suite_id for facts in FACTS.values() if facts.curve is not None)
_FORMER = tuple(facts.suite_id for facts in FACTS.values() if facts.message_format == 1)


def defects_by_suite() -> Iterator[Case]:
    """Defects of the suites of format 1, and of those that sign; and messages that a policy does not read."""
    yield _unread(0x0178, CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT)
    yield _unread(0x0378, CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT)
    yield _unread(0x0078, CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT)
    yield _unread(0x0078, CommitmentPolicy.REQUIRE_ENCRYPT_ALLOW_DECRYPT)
    yield from _former_fields(0x0178)
    for suite_id in _FORMER:
        yield from _former(suite_id)
    for suite_id in _SIGNED:
        yield from _signatures(suite_id)
        yield from _verification_keys(suite_id)


def _unread(suite_id: int, policy: CommitmentPolicy) -> Case:
    message = good_builder(suite_id=suite_id).build()
    name = f"suite {FACTS[suite_id].name} under {policy.name}"
    return Case(name, MALFORMED, message, "policy", suite_id=suite_id, refusing_policy=policy)


def _former_fields(suite_id: int) -> Iterator[Case]:
    good = good_builder(suite_id=suite_id)

    def field(name: str, **change: object) -> Case:
        return Case(f"format 1: {name}", MALFORMED, good.but(**change).build(), "parse", suite_id=suite_id)

    yield field("type that is not 80", message_type=0x81)
    yield field("reserved bytes that are not zero", reserved=b"\x00\x00\x00\x01")
    yield field("nonce of 11 bytes", nonce_length=11)
    yield field("nonce of 16 bytes", nonce_length=16)
    yield field("version 2", message_format=2)
    yield field("no encrypted data key", encrypted_data_keys=())
    yield field("zero frame length", written_frame_length=0)
    changed = good.header_body() + b"\x01" * 12 + good.header()[-16:] + good.body()
    yield Case("format 1: header nonce changed", FORGED, changed, "header tag", suite_id=suite_id)
    own = good.but(header_nonce=b"\x01" * 12).build()
    yield Case("format 1: header nonce that is not zero", "success", own, suite_id=suite_id)


def _former(suite_id: int) -> Iterator[Case]:
    good, name = good_builder(suite_id=suite_id), FACTS[suite_id].name

    def case(what: str, builder: MessageBuilder, expect: str, stage: str) -> Case:
        return Case(f"suite {name}: {what}", expect, builder.build(), stage, suite_id=suite_id)

    another = good.but(data_key=DATA_KEY[::-1])
    yield case("written with another data key than it carries", another, FORGED, "header tag")
    yield case("wrong header tag", good.but(header_tag=bytes(16)), FORGED, "header tag")
    first, second, last = good.good_frames()
    yield case("swapped frames", good.but(frames=(second, first, last)), MALFORMED, "frame 1")
    yield case("trailing byte", good.but(suffix=b"\x00"), MALFORMED, "trailing")


def _signatures(suite_id: int) -> Iterator[Case]:
    good, name = good_builder(suite_id=suite_id), FACTS[suite_id].name
    right = good.signature(good.header() + good.body())

    def footer(what: str, data: bytes, expect: str, stage: str = "footer") -> Case:
        return Case(f"suite {name}: {what}", expect, good.but(footer=data).build(), stage, suite_id=suite_id)

    def sized(signature: bytes) -> bytes:
        return len(signature).to_bytes(2) + signature

    yield footer("no footer", b"", MALFORMED)
    yield footer("footer of one byte", b"\x00", MALFORMED)
    yield footer("empty signature", sized(b""), MALFORMED)
    yield footer("signature that is cut", sized(right)[:-1], MALFORMED)
    yield footer("signature that claims to be longer", (len(right) + 1).to_bytes(2) + right, MALFORMED)
    yield footer("signature with a bit changed", sized(right[:-1] + bytes([right[-1] ^ 1])), FORGED)
    yield footer("signature that is no DER", sized(bytes(len(right))), FORGED)
    yield footer("signature of another message", sized(good.signature(good.header())), FORGED)
    yield footer("byte behind the footer", sized(right) + b"\x00", MALFORMED, "trailing")


def _verification_keys(suite_id: int) -> Iterator[Case]:
    name = FACTS[suite_id].name

    def key(what: str, public_key: bytes, expect: str, stage: str) -> Case:
        bound = good_builder(suite_id=suite_id).but(public_key=public_key)
        message = bound.but(encrypted_data_keys=(wrapped(bound),)).build()
        return Case(f"suite {name}: {what}", expect, message, stage, suite_id=suite_id)

    yield key("no verification key", b"", MALFORMED, "parse")
    yield key("verification key that is no base64", b"#", FORGED, "footer")
    yield key("verification key that is no point", b"AgAB", FORGED, "footer")
    somebody = MessageBuilder(suite_id=suite_id).but(signing_number=4712)
    (entry,) = (value for field, value in somebody.written_pairs if field.startswith(b"aws-crypto"))
    yield key("verification key of somebody else", entry, FORGED, "footer")
