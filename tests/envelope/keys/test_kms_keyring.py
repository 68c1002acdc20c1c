import pytest

from envelope.errors import EnvelopeError, InvalidRequest, KeyAccessDenied, KeyUnavailable, NotAuthentic
from envelope.format.context import EncryptionContext
from envelope.format.encrypted_data_keys import EncryptedDataKey
from envelope.keys.kms_keyring import KmsKeyring, Purpose
from tests.support.fake_kms import (
    FAR_KEY_ARN,
    KEY_ARN,
    MULTI_REGION_ARN,
    OTHER_KEY_ARN,
    REPLICA_ARN,
    Call,
    FakeKms,
    FakeRegions,
    client_error,
)

VALUES = {"purpose": "test", "tenant": "42"}
CONTEXT = EncryptionContext.of(VALUES)
SECRET = b"s" * 32
DENIED, THROTTLED = client_error("AccessDeniedException"), client_error("ThrottlingException")


def wrapped(
    *, key_arn: str = KEY_ARN, values: dict[str, str] | None = None, secret: bytes = SECRET
) -> EncryptedDataKey:
    blob = FakeKms().wrap(secret, key_id=key_arn, context=VALUES if values is None else values)
    return EncryptedDataKey(b"aws-kms", key_arn.encode(), blob)


def opened(keyring: KmsKeyring, *candidates: EncryptedDataKey) -> bytearray:
    return keyring.decrypt_data_key(candidates, CONTEXT, key_bytes=32).secret


@pytest.mark.parametrize(
    "key_arn", ["", "alias/orders", "arn:aws:kms:eu-central-1:111122223333:alias/mrk-1", KEY_ARN[:-1] + "*"]
)
def test_refuses_everything_but_the_arns_of_keys(key_arn: str) -> None:
    with pytest.raises(ValueError, match="key_arn must be the ARN of a KMS key, got"):
        KmsKeyring(FakeKms(), key_arn=key_arn)
    with pytest.raises(ValueError, match="key_arn must be the ARN of a KMS key, got"):
        KmsKeyring(FakeKms(), key_arn=KEY_ARN, further_key_arns=[FAR_KEY_ARN, key_arn])


def test_refuses_a_key_twice_and_two_replicas_of_one() -> None:
    for arns in ([KEY_ARN, KEY_ARN], [MULTI_REGION_ARN, REPLICA_ARN], [KEY_ARN, REPLICA_ARN, MULTI_REGION_ARN]):
        with pytest.raises(ValueError, match=f"must be keys unlike each other, got {arns[-2]} and {arns[-1]}$"):
            KmsKeyring(FakeKms(), key_arn=arns[0], further_key_arns=arns[1:])


def test_refuses_more_keys_than_a_reader_looks_at() -> None:
    further = [f"{KEY_ARN}{number}" for number in range(5)]

    with pytest.raises(ValueError, match="further_key_arns must be at most 4, got 5"):
        KmsKeyring(FakeKms(), key_arn=KEY_ARN, further_key_arns=further)
    assert len(KmsKeyring(FakeKms(), key_arn=KEY_ARN, further_key_arns=further[1:]).key_arns) == 5


def test_one_that_only_decrypts_has_any_number_of_keys_and_makes_no_data_keys() -> None:
    further = [f"{KEY_ARN}{number}" for number in range(11)]
    keyring = KmsKeyring(FakeKms(), key_arn=KEY_ARN, further_key_arns=further, purpose=Purpose.DECRYPT)

    assert len(keyring.key_arns) == 12
    assert opened(keyring, wrapped()) == SECRET
    with pytest.raises(ValueError, match=r"^purpose must be ENCRYPT_AND_DECRYPT to make a data key, got DECRYPT$"):
        keyring.generate_data_key(CONTEXT)


def foreign_data_keys() -> list[EncryptedDataKey]:
    """Data keys that differ from a good one in one respect each."""
    good = wrapped()
    return [
        EncryptedDataKey(b"aws-kms-mrk", KEY_ARN.encode(), good.ciphertext),
        EncryptedDataKey(b"AWS-KMS", KEY_ARN.encode(), good.ciphertext),
        EncryptedDataKey(b"aws-kms", OTHER_KEY_ARN.encode(), good.ciphertext),
        EncryptedDataKey(b"aws-kms", KEY_ARN.replace("eu-central-1", "us-west-2").encode(), good.ciphertext),
        EncryptedDataKey(b"aws-kms", KEY_ARN.upper().encode(), good.ciphertext),
        EncryptedDataKey(b"aws-kms", KEY_ARN.replace("key/", "alias/").encode(), good.ciphertext),
        EncryptedDataKey(b"aws-kms", b"\xff" * 80, good.ciphertext),
        EncryptedDataKey(b"aws-kms", KEY_ARN.encode(), b""),
        EncryptedDataKey(b"aws-kms", KEY_ARN.encode(), bytes(6145)),
    ]


def test_skips_foreign_data_keys_without_a_call() -> None:
    kms = FakeKms()

    assert opened(KmsKeyring(kms, key_arn=KEY_ARN), *foreign_data_keys(), wrapped()) == SECRET
    assert len(kms.calls) == 1


def test_refuses_foreign_data_keys_alone_without_a_call() -> None:
    regions = FakeRegions()

    for candidate in foreign_data_keys():
        with pytest.raises(NotAuthentic):
            opened(KmsKeyring(regions, key_arn=KEY_ARN), candidate)
    assert regions.made == {}


def test_generates_a_data_key_under_the_key_and_the_whole_context() -> None:
    kms = FakeKms()

    data_key, (encrypted,) = KmsKeyring(kms, key_arn=KEY_ARN).generate_data_key(CONTEXT)

    assert kms.calls == [Call("GenerateDataKey", KEY_ARN, VALUES)]
    assert kms.data_keys == [data_key.secret]
    assert (encrypted.provider_id, encrypted.provider_info) == (b"aws-kms", KEY_ARN.encode())


def test_encrypts_one_data_key_under_every_key_in_their_order() -> None:
    regions = FakeRegions()
    keyring = KmsKeyring(
        regions, key_arn=KEY_ARN, further_key_arns=[FAR_KEY_ARN, OTHER_KEY_ARN], grant_tokens=["token"]
    )

    data_key, encrypted = keyring.generate_data_key(CONTEXT)

    assert [each.provider_info.decode() for each in encrypted] == [KEY_ARN, FAR_KEY_ARN, OTHER_KEY_ARN]
    assert regions.operations == ["eu-central-1: GenerateDataKey", "eu-central-1: Encrypt", "us-west-2: Encrypt"]
    for kms in regions.made.values():
        assert {(call.grant_tokens, *call.context.items()) for call in kms.calls} == {(("token",), *VALUES.items())}
    for each in encrypted:
        assert opened(keyring, each) == data_key.secret


@pytest.mark.parametrize(
    ("failure", "kind"),
    [(DENIED, KeyAccessDenied), (THROTTLED, KeyUnavailable), (client_error("ValidationException"), InvalidRequest)],
)
def test_refuses_to_encrypt_when_one_of_the_keys_fails(failure: Exception, kind: type[EnvelopeError]) -> None:
    first_fails = FakeRegions(eu_central_1={"failure": failure})
    last_fails = FakeRegions(us_west_2={"failure": failure})

    for regions in (first_fails, last_fails):
        with pytest.raises(kind):
            KmsKeyring(regions, key_arn=KEY_ARN, further_key_arns=[FAR_KEY_ARN]).generate_data_key(CONTEXT)
    assert first_fails.operations == ["eu-central-1: GenerateDataKey"]


def test_overwrites_the_data_key_when_it_cannot_be_encrypted_under_every_key() -> None:
    seen: list[bytearray] = []

    class Failing(FakeKms):
        def encrypt(self, *, Plaintext: bytes | bytearray, **_: object) -> dict[str, object]:  # noqa: N803
            assert isinstance(Plaintext, bytearray)
            assert any(Plaintext)
            seen.append(Plaintext)
            raise DENIED

    with pytest.raises(KeyAccessDenied):
        KmsKeyring(Failing(), key_arn=KEY_ARN, further_key_arns=[OTHER_KEY_ARN]).generate_data_key(CONTEXT)
    assert seen == [bytearray(32)]


def test_decrypts_what_it_generated_under_the_key_and_the_whole_context() -> None:
    kms = FakeKms()
    keyring = KmsKeyring(kms, key_arn=KEY_ARN, grant_tokens=["token"])
    data_key, encrypted = keyring.generate_data_key(CONTEXT)

    assert opened(keyring, *encrypted) == data_key.secret
    assert kms.calls[1:] == [Call("Decrypt", KEY_ARN, VALUES, ("token",))]


def test_tries_the_next_data_key_when_one_is_not_authentic() -> None:
    kms = FakeKms()

    assert opened(KmsKeyring(kms, key_arn=KEY_ARN), wrapped(values={"purpose": "other"}), wrapped()) == SECRET
    assert [call.operation for call in kms.calls] == ["Decrypt", "Decrypt"]


def test_a_message_that_names_one_key_again_and_again_costs_two_calls() -> None:
    kms = FakeKms()
    forged = wrapped(values={"purpose": "other"})

    with pytest.raises(NotAuthentic):
        opened(KmsKeyring(kms, key_arn=KEY_ARN), forged, forged, forged, forged, wrapped())
    assert [call.operation for call in kms.calls] == ["Decrypt", "Decrypt"]


def test_what_is_tried_of_one_key_is_not_counted_for_another_one() -> None:
    regions = FakeRegions()
    keyring = KmsKeyring(regions, key_arn=KEY_ARN, further_key_arns=[FAR_KEY_ARN])
    forged = wrapped(values={"purpose": "other"})

    assert opened(keyring, forged, forged, forged, wrapped(key_arn=FAR_KEY_ARN)) == SECRET
    assert regions.operations == ["eu-central-1: Decrypt", "eu-central-1: Decrypt", "us-west-2: Decrypt"]


def test_tries_the_next_data_key_when_one_has_another_length() -> None:
    kms = FakeKms()

    assert opened(KmsKeyring(kms, key_arn=KEY_ARN), wrapped(secret=bytes(16)), wrapped()) == SECRET
    assert [call.operation for call in kms.calls] == ["Decrypt", "Decrypt"]


def test_refuses_data_keys_of_another_length_as_forged() -> None:
    with pytest.raises(NotAuthentic):
        opened(KmsKeyring(FakeKms(), key_arn=KEY_ARN), wrapped(secret=bytes(16)), wrapped(secret=bytes(33)))


def test_does_not_try_the_next_data_key_when_kms_says_something_about_the_key() -> None:
    kms = FakeKms(failure=DENIED)

    with pytest.raises(KeyAccessDenied):
        opened(KmsKeyring(kms, key_arn=KEY_ARN), wrapped(), wrapped())
    assert len(kms.calls) == 1


def test_does_not_try_another_key_when_kms_does_not_take_the_context() -> None:
    regions = FakeRegions(eu_central_1={"failure": client_error("ValidationException")})
    keyring = KmsKeyring(regions, key_arn=KEY_ARN, further_key_arns=[FAR_KEY_ARN])

    with pytest.raises(InvalidRequest):
        opened(keyring, wrapped(), wrapped(key_arn=FAR_KEY_ARN))
    assert regions.operations == ["eu-central-1: Decrypt"]


def test_asks_the_keys_in_their_order_whatever_the_order_of_the_message() -> None:
    regions = FakeRegions()
    keyring = KmsKeyring(regions, key_arn=KEY_ARN, further_key_arns=[FAR_KEY_ARN])

    assert opened(keyring, wrapped(key_arn=FAR_KEY_ARN), wrapped()) == SECRET
    assert regions.operations == ["eu-central-1: Decrypt"]


@pytest.mark.parametrize("failure", [DENIED, THROTTLED, client_error("KMSInvalidStateException")])
def test_another_region_answers_when_the_key_of_this_one_fails(failure: Exception) -> None:
    regions = FakeRegions(eu_central_1={"failure": failure})
    keyring = KmsKeyring(regions, key_arn=KEY_ARN, further_key_arns=[FAR_KEY_ARN])

    assert opened(keyring, wrapped(), wrapped(), wrapped(key_arn=FAR_KEY_ARN)) == SECRET
    assert regions.operations == ["eu-central-1: Decrypt", "us-west-2: Decrypt"]


@pytest.mark.parametrize(
    ("here", "there", "kind"),
    [
        (DENIED, THROTTLED, KeyUnavailable),
        (THROTTLED, DENIED, KeyUnavailable),
        (DENIED, DENIED, KeyAccessDenied),
        (DENIED, client_error("InvalidCiphertextException"), KeyAccessDenied),
        (client_error("InvalidCiphertextException"), THROTTLED, KeyUnavailable),
    ],
)
def test_when_all_keys_fail_the_most_useful_remedy_is_named(
    here: Exception, there: Exception, kind: type[EnvelopeError]
) -> None:
    regions = FakeRegions(eu_central_1={"failure": here}, us_west_2={"failure": there})
    keyring = KmsKeyring(regions, key_arn=KEY_ARN, further_key_arns=[FAR_KEY_ARN])

    with pytest.raises(EnvelopeError) as caught:
        opened(keyring, wrapped(), wrapped(key_arn=FAR_KEY_ARN))
    assert type(caught.value) is kind
    assert len(regions.operations) == 2


def test_a_replica_opens_the_message_of_another_region_under_its_own_arn() -> None:
    regions = FakeRegions()
    keyring = KmsKeyring(regions, key_arn=REPLICA_ARN)

    assert opened(keyring, wrapped(key_arn=MULTI_REGION_ARN)) == SECRET
    assert regions.made["us-west-2"].calls == [Call("Decrypt", REPLICA_ARN, VALUES)]
    assert regions.operations == ["us-west-2: Decrypt"]


def test_a_replica_of_somebody_else_is_not_asked_for() -> None:
    regions = FakeRegions()
    elsewhere = MULTI_REGION_ARN.replace("111122223333", "444455556666")

    with pytest.raises(NotAuthentic):
        opened(KmsKeyring(regions, key_arn=REPLICA_ARN), wrapped(key_arn=elsewhere))
    assert regions.made == {}


def test_names_its_keys_and_no_token() -> None:
    keyring = KmsKeyring(FakeKms(), key_arn=KEY_ARN, further_key_arns=[FAR_KEY_ARN], grant_tokens=["token"])

    assert keyring.key_arn == KEY_ARN
    assert repr(keyring) == f"KmsKeyring(key_arns={(KEY_ARN, FAR_KEY_ARN)!r})"
