"""Algorithm suites by the names that the AWS Encryption SDKs give them."""

from typing import Final

from envelope.format.suites import AlgorithmSuite

_SIGNATURES: Final = {"secp256r1": "_ECDSA_P256", "secp384r1": "_ECDSA_P384"}


def algorithm_name(suite: AlgorithmSuite) -> str:
    """Name a suite.

    Args:
        suite: Any of those that were published.

    Returns:
        Its name in the AWS Encryption SDKs.

    Examples:
        >>> from envelope.format.suites import COMMITTING_SIGNED
        >>> algorithm_name(COMMITTING_SIGNED)
        'AES_256_GCM_HKDF_SHA512_COMMIT_KEY_ECDSA_P384'
    """
    aes = f"AES_{suite.key_bytes * 8}_GCM"
    derivation = "" if suite.hash_name is None else f"_HKDF_{suite.hash_name.upper()}"
    signature = "" if suite.signature is None else _SIGNATURES[suite.signature.curve]
    # The names of the older suites say the lengths of nonce and tag, which are the same for all.
    return f"{aes}{derivation}_COMMIT_KEY{signature}" if suite.commits else f"{aes}_IV12_TAG16{derivation}{signature}"
