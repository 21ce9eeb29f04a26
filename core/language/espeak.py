"""espeak-ng through its shared library: text in, samples out.

The functions and constants are those of espeak-ng's ``speak_lib.h``. The library keeps its voice and its callback in
globals, so a process must not hold more than one :class:`Espeak` at work at a time.
"""

from __future__ import annotations

import ctypes
import re

_SYNCHRONOUS = 2  # samples go to the callback, and espeak_Synth returns when all are there
_DONT_EXIT = 0x8000  # on errors return instead of ending the process
_UTF8 = 1
_END_PAUSE = 0x1000
_IPA = 2  # phonemes in the letters of the International Phonetic Alphabet
_RATE = 1  # the parameter: words per minute
_NORMAL_RATE = 175
_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)
_SIGNS = re.compile(r"((?:[;!?¡¿—…\"«»“”]|(?<!\d)[:,.]|[:,.](?!\d))+)")  # those within numbers are said
_TAG = re.compile(r"[a-z]{2,3}(-[a-z0-9]+)*")

_VOICES = {"en": "en-us", "zh": "cmn", "no": "nb"}  # where espeak-ng's name of the voice is not the ISO code


class Espeak:
    """The library with its voices, ready to speak. Starting takes about 0.02 s."""

    def __init__(self) -> None:
        import espeakng_loader

        self._library = ctypes.CDLL(espeakng_loader.get_library_path())
        data = espeakng_loader.get_data_path().encode()
        self.sample_rate: int = self._library.espeak_Initialize(_SYNCHRONOUS, 0, data, _DONT_EXIT)
        if self.sample_rate <= 0:
            raise RuntimeError(f"espeak-ng did not start from its data in {data!r}")
        self._samples = bytearray()
        self._callback = _CALLBACK(self._collect)  # the library keeps the pointer: it must live as long as this object
        self._library.espeak_SetSynthCallback(self._callback)

    def voice(self, tag: str) -> bool:
        """Take the voice for a language tag such as "de" or "pt-br"; False if there is none."""
        name = tag.lower().replace("_", "-")
        return bool(_TAG.fullmatch(name)) and self._library.espeak_SetVoiceByName(_VOICES.get(name, name).encode()) == 0

    def speed(self, factor: float) -> None:
        """Speak ``factor`` times as fast as normal, from 0.5 to 2.5."""
        self._library.espeak_SetParameter(_RATE, round(_NORMAL_RATE * factor), 0)

    def say(self, text: str) -> bytes:
        """Return ``text`` as speech: 16-bit mono samples in the machine's byte order, a short pause at the end."""
        self._samples.clear()
        encoded = text.encode() + b"\0"
        if self._library.espeak_Synth(encoded, len(encoded), 0, 0, 0, _UTF8 | _END_PAUSE, None, None) != 0:
            raise RuntimeError("espeak-ng refused to speak")
        return bytes(self._samples)

    def phonemes(self, text: str) -> str:
        """Return how ``text`` is said in the present voice, in the International Phonetic Alphabet with stress marks.

        Signs between words stay where they are.
        """
        parts = _SIGNS.split(text)
        return "".join(part if number % 2 else self._sounds(part) for number, part in enumerate(parts)).strip()

    def _sounds(self, text: str) -> str:
        read = self._library.espeak_TextToPhonemes
        read.restype = ctypes.c_char_p
        buffer = ctypes.create_string_buffer(text.encode())
        place = ctypes.c_void_p(ctypes.addressof(buffer))
        sounds = []
        while place.value:  # a clause at a time; it moves the pointer on, to nothing at the end
            sounds.append((read(ctypes.byref(place), _UTF8, _IPA) or b"").decode().strip())
        before, after = (" " if text[end : end + 1].isspace() else "" for end in (0, len(text) - 1))
        return f"{before}{' '.join(filter(None, sounds))}{after}"

    def _collect(self, samples: ctypes._Pointer[ctypes.c_short], count: int, _events: int | None) -> int:
        if count > 0:
            self._samples.extend(ctypes.string_at(samples, count * ctypes.sizeof(ctypes.c_short)))
        return 0  # go on
