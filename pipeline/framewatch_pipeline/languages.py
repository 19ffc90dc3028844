"""Language tags, and a guess from the script where a page names none."""

from __future__ import annotations

import re

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_LETTER = re.compile(r"[^\W\d_]")
# Chinese text quotes Latin names; English text quotes a few Chinese words. A fifth lies between.
_HAN_SHARE = 0.2


def primary(tag: str | None) -> str | None:
    """Give the language of a tag without script or region: "zh" for "zh-Hans"."""
    return tag.replace("_", "-").split("-")[0].lower() if tag else None


def is_chinese(text: str) -> bool:
    """Whether a fifth of the letters are Chinese characters."""
    letters = len(_LETTER.findall(text))
    return letters > 0 and len(_HAN.findall(text)) / letters >= _HAN_SHARE


def script_language(text: str) -> str:
    """Tell Chinese from English by script; the languages that have cues."""
    return "zh" if is_chinese(text) else "en"


def reading_language(tag: str | None, text: str) -> str:
    """Give the language by which a text is read: the page's word, unless the script contradicts it.

    Chinese outlets leave ``lang="en"`` in their templates, so the script decides between the two.
    """
    told = primary(tag)
    by_script = script_language(text)
    return by_script if told in {None, "en", "zh", "und"} else str(told)
