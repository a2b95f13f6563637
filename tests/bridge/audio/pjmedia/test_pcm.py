"""The short way into the library's memory is taken only where it leads there."""

import ctypes

import pjsua2 as pj

from bridge.audio.pjmedia.pcm import _address, _read


def test_what_is_written_there_is_in_the_vector() -> None:
    vector = pj.ByteVector(320, 0)
    address = _address(vector, 320)
    assert address is not None
    ctypes.memmove(address, bytes(range(160)) * 2, 320)
    assert list(vector) == list(range(160)) * 2


def test_a_vector_of_another_shape_is_left_alone() -> None:
    assert _address(pj.ByteVector(320, 7), 640) is None


def test_what_is_read_is_what_is_in_the_vector() -> None:
    vector = pj.ByteVector(320, 0)
    for index in range(320):
        vector[index] = index % 251
    assert _read(vector, 320) == bytes(vector)
