import time

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given
from hypothesis import strategies as st

from certificate_care.errors import CertificateRefused
from certificate_care.key_derivation import MOST_ITERATIONS, check_derivation, encrypted_der
from certificate_care.private_key import open_key
from tests.support.encrypted_keys import PBES1_RC2, pbes1, pbes2, pbkdf2, pem, scrypt, unknown_derivation
from tests.support.made_certificates import PKCS1_OR_SEC1, Lineage

KNOWN = "by PBES2 with PBKDF2 or scrypt, or by PBES1 with SHA-1 and 3DES"


@pytest.mark.parametrize(
    "der",
    [pbkdf2(1), pbkdf2(MOST_ITERATIONS), scrypt(2**16), scrypt(2**14, 8, 4), pbes1(1), pbes1(MOST_ITERATIONS)],
    ids=["PBKDF2", "the most of PBKDF2", "the most of scrypt", "four lanes of scrypt", "PBES1", "the most of PBES1"],
)
def test_takes_what_is_little_work(der: bytes) -> None:
    check_derivation(der)


@pytest.mark.parametrize(
    ("der", "said"),
    [
        pytest.param(pbkdf2(MOST_ITERATIONS + 1), "with 1 to 10000000 iterations, got 10000001", id="PBKDF2"),
        pytest.param(pbkdf2(2**31), "with 1 to 10000000 iterations, got 2147483648", id="more than an int"),
        pytest.param(pbkdf2(2**64), "with 1 to 10000000 iterations, got a number of 65 bits", id="more than a long"),
        pytest.param(pbkdf2(1 << 40_000), "with 1 to 10000000 iterations, got a number of 40001 bits", id="unwritable"),
        pytest.param(pbkdf2(0), "with 1 to 10000000 iterations, got 0", id="none"),
        pytest.param(pbkdf2(-1), "with 1 to 10000000 iterations, got -1", id="less than none"),
        pytest.param(pbes1(MOST_ITERATIONS + 1), "with 1 to 10000000 iterations, got 10000001", id="PBES1"),
        pytest.param(scrypt(2**17), "by scrypt in at most 67108864 bytes, got 128 * 131072 * 8 * 1", id="scrypt"),
        pytest.param(scrypt(2**14, 8, 5), "by scrypt in at most 67108864 bytes, got 128 * 16384 * 8 * 5", id="lanes"),
        pytest.param(
            scrypt(2, 2**70),
            "by scrypt in at most 67108864 bytes, got 128 * 2 * a number of 71 bits * 1",
            id="blocks of scrypt",
        ),
        pytest.param(scrypt(-2, -8), "by scrypt in at most 67108864 bytes, got 128 * -2 * -8 * 1", id="negative"),
        pytest.param(unknown_derivation(), f"{KNOWN}, got PBES2 with 1.2.3.4", id="unknown derivation"),
        pytest.param(pbes1(2048, PBES1_RC2), f"{KNOWN}, got {PBES1_RC2}", id="40 bits"),
        pytest.param(pbes2(b""), f"{KNOWN}, got something else", id="no derivation"),
        pytest.param(b"", f"{KNOWN}, got something else", id="nothing"),
        pytest.param(pbkdf2(1) + b"\0", f"{KNOWN}, got something else", id="something behind it"),
    ],
)
def test_refuses_what_is_too_much_work_or_unknown(der: bytes, said: str) -> None:
    with pytest.raises(CertificateRefused) as refused:
        check_derivation(der)

    assert str(refused.value) == f"private_key must be encrypted {said}"
    assert (refused.value.__cause__, refused.value.__context__) == (None, None)


@given(st.binary(max_size=200))
def test_refuses_anything_else_by_its_own_error(der: bytes) -> None:
    with pytest.raises(CertificateRefused):
        check_derivation(der)


def test_opens_what_scrypt_encrypted() -> None:
    leaf = Lineage.of().leaf
    assert leaf.key is not None
    inside = leaf.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    text = pem(scrypt(2**10, inside=inside, passphrase=b"open it"))

    assert open_key(text, "open it", certificate=leaf.certificate).decode() == leaf.key_pem()


@pytest.mark.parametrize(
    "der",
    [pbkdf2(2**31 - 1), pbkdf2(2**31), scrypt(2**30), scrypt(2, 1, 2**28), pbes1(2**62)],
    ids=["PBKDF2", "PBKDF2 beyond an int", "scrypt", "lanes of scrypt", "PBES1"],
)
def test_a_key_that_would_take_hours_is_refused_at_once(der: bytes) -> None:
    begin = time.process_time()

    with pytest.raises(CertificateRefused, match=r"^private_key must be encrypted "):
        open_key(pem(der), "open it", certificate=Lineage.of().leaf.certificate)

    assert time.process_time() - begin < 1


@pytest.mark.parametrize("cost", [3, 2**16], ids=["no power of two", "more than blocks of one allow"])
def test_refuses_numbers_that_scrypt_does_not_know(cost: int) -> None:
    with pytest.raises(CertificateRefused, match="of a known algorithm, got another one") as refused:
        open_key(pem(scrypt(cost, 1)), "open it", certificate=Lineage.of().leaf.certificate)
    assert refused.value.__context__ is None


def test_a_key_of_another_kind_is_none_of_its_business() -> None:
    leaf = Lineage.of().leaf

    assert encrypted_der(leaf.key_pem()) is None
    assert encrypted_der(leaf.key_pem(passphrase="open it", form=PKCS1_OR_SEC1)) is None


@pytest.mark.parametrize("change", [("\n", "\r\n"), ("\n", " \n\t")], ids=["lines of Windows", "white space"])
def test_reads_pem_as_others_write_it(change: tuple[str, str]) -> None:
    assert encrypted_der(f"Bag Attributes\n{pem(pbkdf2(1))}".replace(*change)) == pbkdf2(1)


@pytest.mark.parametrize(
    "change", [("-----END", "--END"), ("\n", "!"), ("=", ""), ("BEGIN ", "BEGIN  ")], ids=["end", "sign", "cut", "gap"]
)
def test_refuses_pem_that_cannot_be_read(change: tuple[str, str]) -> None:
    text = pem(pbkdf2(1))
    assert change[0] in text

    with pytest.raises(CertificateRefused, match=r"got something else$") as refused:
        encrypted_der(text.replace(*change))
    assert (refused.value.__cause__, refused.value.__context__) == (None, None)
