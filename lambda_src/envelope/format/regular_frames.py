"""Regular frames side by side: where each lies, its nonce and its associated data. It knows no key."""

import struct
from itertools import islice

from envelope.format.frames import REGULAR_OVERHEAD
from envelope.limits import BATCH_BYTES, BATCH_FRAMES_MAX, SEQUENCE_BYTES

# Sequence number and nonce. Zero is the nonce of the header tag.
_HEAD = struct.Struct(">I8xI")
_NUMBER = struct.Struct(">I")
_NUMBERED = struct.Struct(">IQ")  # the end of the associated data: sequence number, content length
_LABEL = b"AWSKMSEncryptionClient Frame"  # message-body-aad, "Body AAD Content"


def batch_frames(frame_length: int) -> int:
    """Say how many frames a stream works on at a time.

    Args:
        frame_length: Plaintext bytes of a frame.

    Returns:
        Their number: as many as keep the caches of one core busy, and at least one.

    Examples:
        >>> batch_frames(4096), batch_frames(65536), batch_frames(1 << 20)
        (96, 6, 1)
    """
    return min(max(BATCH_BYTES // frame_length, 1), BATCH_FRAMES_MAX)


class RegularFrames:
    """Room for frames of one length, one behind the other, and for what is in them.

    Four views of a frame cost as much as encrypting a small one does. So all of them are made once, and a stream uses
    them again with every batch: only numbers change.

    Attributes:
        nonces: Where the nonce of each frame lies.
        sealed: Where ciphertext and tag of each frame lie.
        contents: Where the plaintext of each frame lies.
        associated_data: What each frame is bound to.
    """

    __slots__ = ("_bound", "_frames", "_places", "associated_data", "contents", "nonces", "sealed")

    def __init__(self, frames: memoryview, contents: memoryview, *, message_id: bytes, frame_length: int) -> None:
        """Lay the frames out.

        Args:
            frames: Where the frames are, or go to.
            contents: Where the plaintext is, or goes to: as many whole frames as fit are laid out.
            message_id: The message id, which each frame is bound to.
            frame_length: Plaintext bytes of a frame.
        """
        count = len(contents) // frame_length
        stride = frame_length + REGULAR_OVERHEAD
        bound = message_id + _LABEL + _NUMBERED.pack(0, frame_length)
        step = len(bound)
        self._frames, self._bound = frames, memoryview(bytearray(bound * count))
        starts, bound_starts = range(0, count * stride, stride), range(0, count * step, step)
        self._places = [
            (start, bound_at + step - _NUMBERED.size) for start, bound_at in zip(starts, bound_starts, strict=True)
        ]
        self.nonces = [frames[start + SEQUENCE_BYTES : start + _HEAD.size] for start in starts]
        self.sealed = [frames[start + _HEAD.size : start + stride] for start in starts]
        self.contents = [contents[at : at + frame_length] for at in range(0, count * frame_length, frame_length)]
        self.associated_data = [self._bound[start : start + step] for start in bound_starts]

    def write_numbers(self, first: int, count: int) -> None:
        """Number frames that will be encrypted.

        The nonce of a frame is its sequence number behind eight zero bytes. A nonce this predictable is safe for one
        reason only: every message is encrypted under a key of its own.

        Args:
            first: The number of the first one; zero belongs to the header tag.
            count: How many.
        """
        write_head, write_number = _HEAD.pack_into, _NUMBER.pack_into
        sequence = first
        for start, bound_at in islice(self._places, count):
            write_head(self._frames, start, sequence, sequence)
            write_number(self._bound, bound_at, sequence)
            sequence += 1

    def in_order(self, first: int, count: int) -> int:
        """Look how many frames are the next ones of a message, and bind them to their numbers.

        Args:
            first: The number that the first one must have.
            count: How many frames were read.

        Returns:
            How many have the numbers that follow one another; what comes then is the final frame or an error.
        """
        read_number, write_number = _NUMBER.unpack_from, _NUMBER.pack_into
        sequence = first
        for start, bound_at in islice(self._places, count):
            if read_number(self._frames, start)[0] != sequence:
                break
            write_number(self._bound, bound_at, sequence)
            sequence += 1
        return sequence - first

    def number(self, place: int) -> int:
        """Read the sequence number that is written in a frame.

        Args:
            place: Which frame, from zero.

        Returns:
            The number.
        """
        return int(_NUMBER.unpack_from(self._frames, self._places[place][0])[0])
