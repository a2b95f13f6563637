"""Pronunciations for an English model: espeak-ng's phonemes in the letters of CMUdict (ARPAbet).

No library maps IPA to them and knows the sounds of German; see
docs/decisions/0014-own-tables-of-sounds.md.
"""

import unicodedata
from functools import lru_cache

from bridge.audio.voice.espeak import phonemes
from bridge.text import unaccented

_CONSONANTS = {
    **{"b": "B", "d": "D", "f": "F", "ɡ": "G", "g": "G", "h": "HH", "j": "Y", "k": "K", "l": "L"},
    **{"m": "M", "n": "N", "p": "P", "q": "K", "r": "R", "ɹ": "R", "s": "S", "t": "T", "v": "V"},
    **{"w": "W", "z": "Z", "ð": "DH", "θ": "TH", "ŋ": "NG", "ʃ": "SH", "ʒ": "ZH", "tʃ": "CH"},
    **{"dʒ": "JH", "ts": "T S", "pf": "P F", "ɣ": "G", "ʁ": "R", "ʝ": "Y", "β": "V", "ɲ": "N Y"},
    **{"x": "K", "ç": "SH", "ʎ": "L Y", "c": "K", "n̩": "AH N", "l̩": "AH L", "ɫ": "L"},
}
_VOWELS = {
    **{"i": "IY", "iː": "IY", "ɪ": "IH", "ɪː": "IY", "ᵻ": "IH", "e": "EY", "eː": "EY", "eɪ": "EY"},
    **{"ɛ": "EH", "ɛː": "EH", "æ": "AE", "æː": "AE", "ɐ": "AH", "ɑ": "AA", "ɑː": "AA", "aː": "AA"},
    **{"ɒ": "AA", "ɔ": "AO", "ɔː": "AO", "o": "OW", "oː": "OW", "oʊ": "OW", "əʊ": "OW", "ʌ": "AH"},
    **{"ə": "AH", "əl": "AH L", "ɚ": "ER", "ɝ": "ER", "ɜ": "ER", "ɜː": "ER", "u": "UW", "uː": "UW"},
    **{"ʊ": "UH", "ʏ": "UH", "y": "UW", "yː": "UW", "ø": "ER", "øː": "ER", "œ": "ER", "aɪ": "AY"},
    **{"aʊ": "AW", "ɔɪ": "OY", "ɔø": "OY", "ɔʏ": "OY", "ɪə": "IH R", "eə": "EH R", "ʊə": "UH R"},
    **{"ɑ̃": "AA N", "ɔ̃": "AO N", "ɛ̃": "AE N", "œ̃": "AH N"},
}
# what the same sign stands for in the two readings
_OF_VOICE = {"en-us": {"ɾ": "T", "ʔ": "T", "a": "AE"}, "de": {"ɾ": "R", "a": "AA"}}
_OUR_LETTERS = {"en-us": "", "de": "äöüÄÖÜß"}
_LONGEST = 3


@lru_cache(maxsize=2048)
def reading(words: str, voice: str) -> tuple[str, ...]:
    """How the espeak-ng voice "en-us" or "de" reads `words`: word by word, with spaces between the
    phones. A word of which nothing can be said is left out.
    """
    read = (_phones(word, voice) for word in phonemes(_plain(words, voice), voice))
    return tuple(word for word in read if word)


def _phones(word: list[str], voice: str) -> str:
    table = _CONSONANTS | _VOWELS | _OF_VOICE[voice]
    found = []
    for sign in word:
        if sign.startswith("("):  # (en), (de): the voice lends its tongue to another one
            continue
        left = unicodedata.normalize("NFC", sign.replace("ˈ", "").replace("ˌ", ""))
        while left:
            size = next((n for n in range(_LONGEST, 0, -1) if left[:n] in table), 0)
            found.append(table.get(left[:size], ""))
            left = left[max(1, size) :]
    return " ".join(one for one in found if one)


def _plain(words: str, voice: str) -> str:
    """Without the marks on letters that this language does not know: espeak-ng spells those."""
    kept = _OUR_LETTERS[voice]
    return "".join(
        letter if letter in kept else _bare(letter)
        for letter in unicodedata.normalize("NFC", words.replace("_", " "))
    )


def _bare(letter: str) -> str:
    return unaccented({"ß": "ss", "ø": "o", "ł": "l"}.get(letter, letter))
