"""PulseAudio's simple interface (libpulse-simple, `pulse/simple.h`): one stream, read or written
frame by frame by a thread that waits in C, where it holds up no other.

By ctypes: the packages that wrap it are as short as this, and nobody looks after them.
"""

import ctypes
from functools import cache
from typing import Any, Literal

_DIRECTIONS = {"plays": 1, "records": 2}  # PA_STREAM_PLAYBACK, PA_STREAM_RECORD
_LITTLE_ENDIAN_SIGNED = 3  # PA_SAMPLE_S16LE
_SERVER_CHOOSES = 0xFFFFFFFF
_NAME = b"skype2sip"


class _SampleSpec(ctypes.Structure):
    _fields_ = (
        ("format", ctypes.c_int),
        ("rate", ctypes.c_uint32),
        ("channels", ctypes.c_uint8),
    )


class _BufferAttributes(ctypes.Structure):
    _fields_ = tuple(
        (name, ctypes.c_uint32) for name in ("maxlength", "tlength", "prebuf", "minreq", "fragsize")
    )


@cache
def _library() -> tuple[Any, Any]:
    simple, pulse = ctypes.CDLL("libpulse-simple.so.0"), ctypes.CDLL("libpulse.so.0")
    simple.pa_simple_new.restype = ctypes.c_void_p
    pulse.pa_strerror.restype = ctypes.c_char_p
    return simple, pulse


class PulseStream:
    """16-bit mono samples that are played into the sink, or recorded from the source, `device`.
    `buffered` are bytes: what a fragment that is read holds, or what waits until it is played.

    One thread at a time. Everything raises OSError when the daemon refuses or is gone.
    """

    def __init__(
        self, server: str, does: Literal["plays", "records"], device: str, rate: int, buffered: int
    ) -> None:
        self._simple, self._pulse = _library()
        self._fault = ctypes.c_int()
        form = _SampleSpec(_LITTLE_ENDIAN_SIGNED, rate, 1)
        sizes = dict.fromkeys(("maxlength", "tlength", "prebuf", "minreq"), _SERVER_CHOOSES)
        if does == "plays":
            sizes |= {"tlength": buffered, "prebuf": buffered // 2}
        self._stream = ctypes.c_void_p(
            self._simple.pa_simple_new(
                server.encode(),
                _NAME,
                _DIRECTIONS[does],
                device.encode(),
                _NAME,
                ctypes.byref(form),
                None,
                ctypes.byref(_BufferAttributes(**sizes, fragsize=buffered)),
                ctypes.byref(self._fault),
            )
        )
        if not self._stream:
            raise self._error()

    def read(self, size: int) -> bytes:
        """Waits for so many bytes."""
        sound = ctypes.create_string_buffer(size)
        self._ask(self._simple.pa_simple_read, sound, ctypes.c_size_t(size))
        return sound.raw

    def write(self, sound: bytes) -> None:
        """Waits until there is room for it."""
        self._ask(self._simple.pa_simple_write, sound, ctypes.c_size_t(len(sound)))

    def flush(self) -> None:
        """Forget what waits."""
        self._ask(self._simple.pa_simple_flush)

    def close(self) -> None:
        stream, self._stream = self._stream, ctypes.c_void_p()
        if stream:
            self._simple.pa_simple_free(stream)

    def _ask(self, function: Any, *arguments: Any) -> None:
        if function(self._stream, *arguments, ctypes.byref(self._fault)) < 0:
            raise self._error()

    def _error(self) -> OSError:
        return OSError(f"PulseAudio: {self._pulse.pa_strerror(self._fault).decode()}")
