"""Ed25519ph, which `cryptography` does not offer: Ed25519 that signs the SHA-512 digest of a message.

For signatures of an emulator whose keys protect nothing: it takes no care of how long it takes.
https://www.rfc-editor.org/rfc/rfc8032#section-5.1
"""

import hashlib
from typing import TypeAlias

_Point: TypeAlias = tuple[int, int, int, int]

_P = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_ROOT_OF_MINUS_ONE = pow(2, (_P - 1) // 4, _P)
_IDENTITY: _Point = (0, 1, 1, 0)
# What sets it apart from Ed25519 (section 5.1: dom2 with the phflag and no context).
_DOMAIN = b"SigEd25519 no Ed25519 collisions" + bytes((1, 0))


def sign(seed: bytes, message: bytes) -> bytes:
    """Sign a message with a private key of 32 bytes."""
    digest = hashlib.sha512(seed).digest()
    scalar = _clamped(digest[:32])
    public = _encoded(_multiplied(scalar, _base()))
    prehashed = hashlib.sha512(message).digest()
    nonce = _hashed(digest[32:], prehashed)
    point = _encoded(_multiplied(nonce, _base()))
    answer = (nonce + _hashed(point, public, prehashed) * scalar) % _ORDER
    return point + answer.to_bytes(32, "little")


def is_signature(public: bytes, message: bytes, signature: bytes) -> bool:
    """Say whether a signature is that of the holder of a public key of 32 bytes over a message."""
    key, point = _decoded(public), _decoded(signature[:32])
    answer = int.from_bytes(signature[32:], "little")
    if key is None or point is None or len(signature) != 64 or answer >= _ORDER:  # noqa: PLR2004  # two halves of 32
        return False
    challenge = _hashed(signature[:32], public, hashlib.sha512(message).digest())
    return _same(_multiplied(answer, _base()), _added(point, _multiplied(challenge, key)))


def _hashed(*parts: bytes) -> int:
    return int.from_bytes(hashlib.sha512(b"".join((_DOMAIN, *parts))).digest(), "little") % _ORDER


def _clamped(half: bytes) -> int:
    return int.from_bytes(half, "little") & ((1 << 254) - 8) | (1 << 254)


def _base() -> _Point:
    y = 4 * pow(5, -1, _P) % _P
    return _with_x(_x_of(y, 0) or 0, y)


def _with_x(x: int, y: int) -> _Point:
    return x, y, 1, x * y % _P


def _x_of(y: int, sign_bit: int) -> int | None:
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT_OF_MINUS_ONE % _P
    if (x * x - square) % _P or (x == 0 and sign_bit):
        return None
    return x if x & 1 == sign_bit else _P - x


def _added(one: _Point, other: _Point) -> _Point:
    a = (one[1] - one[0]) * (other[1] - other[0]) % _P
    b = (one[1] + one[0]) * (other[1] + other[0]) % _P
    c = 2 * one[3] * other[3] * _D % _P
    d = 2 * one[2] * other[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _multiplied(scalar: int, point: _Point) -> _Point:
    result = _IDENTITY
    while scalar:
        if scalar & 1:
            result = _added(result, point)
        point = _added(point, point)
        scalar >>= 1
    return result


def _same(one: _Point, other: _Point) -> bool:
    return (one[0] * other[2] - other[0] * one[2]) % _P == 0 and (one[1] * other[2] - other[1] * one[2]) % _P == 0


def _encoded(point: _Point) -> bytes:
    inverse = pow(point[2], -1, _P)
    x, y = point[0] * inverse % _P, point[1] * inverse % _P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def _decoded(text: bytes) -> _Point | None:
    number = int.from_bytes(text, "little")
    y, sign_bit = number & ((1 << 255) - 1), number >> 255
    if len(text) != 32 or y >= _P:  # noqa: PLR2004  # the length of a point
        return None
    x = _x_of(y, sign_bit)
    return None if x is None else _with_x(x, y)
