"""Who says it: quotations, reporting verbs and sources around a piece of evidence; English and Chinese.

Rules over the passage alone, without a parser. They see direct speech in quotation marks, reported
clauses ("X said that …", "…, according to X", "据X称"), and a pronoun whose person was named above.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from framewatch_models.values.framings import Span
from framewatch_pipeline.languages import is_chinese

_QUOTED = re.compile(r"“[^”]{2,1200}(?:”|$)|\"[^\"]{2,1200}(?:\"|$)|「[^」]{2,1200}(?:」|$)")
# A quotation of fewer words is a name or a term set apart, not speech.
_MIN_QUOTED_WORDS, _MIN_QUOTED_SIGNS = 4, 8

_VERB = (
    r"(?:said|says|say|told|tells|added|adds|wrote|writes|argue[sd]?|argued|claim(?:s|ed)?|warn(?:s|ed)?|not(?:es|ed)|"
    r"explain(?:s|ed)|believe[sd]?|think[s]?|thought|suggest(?:s|ed)|estimate[sd]?|predict(?:s|ed)?|report(?:s|ed)|"
    r"acknowledge[sd]|admit(?:s|ted)|insist(?:s|ed)|call(?:s|ed)|describe[sd]?|point(?:s|ed) out|conclude[sd]?|"
    r"stat(?:es|ed)|announce[sd]|alleg(?:es|ed)|accus(?:es|ed)|express(?:es|ed)|asked|posted|tweeted|quipped|"
    r"remarked|observed|reckon(?:s|ed)?|maintain(?:s|ed)|contend(?:s|ed)|den(?:ies|ied)|stress(?:es|ed)|urg(?:es|ed)|"
    r"hail(?:s|ed)|dismiss(?:es|ed)|see[s]?|expect(?:s|ed)?)"
)
_TITLE = r"(?:(?:Mr|Mrs|Ms|Dr|Prof|Professor|President|Senator|Sen|Rep|Governor|Chief Executive|CEO)\.?\s+)?"
_NAME = _TITLE + r"[A-Z][\w'’.-]*(?:\s+(?:[A-Z][\w'’.-]*|de|van|von|bin|al|of|the|and|&)){0,5}"
_GROUP = (
    r"(?:the\s+|some\s+|many\s+|several\s+|most\s+|other\s+|US\s+|U\.S\.\s+|Chinese\s+|American\s+|European\s+|industry\s+|"
    r"security\s+|tech\s+|AI\s+|Western\s+|senior\s+|former\s+){0,3}"
    r"(?:analysts?|experts?|officials?|researchers?|critics?|observers?|investors?|economists?|lawmakers?|"
    r"regulators?|executives?|scientists?|sources?|reports?|company|firm|start-?up|ministry|government|agency|"
    r"authority|watchdog|bank|brokerage|study|paper|statement|newspaper|founder|spokes(?:man|woman|person)|"
    r"commentators?|strategists?|people familiar with the matter|media|studies|users|engineers|insiders)"
)
_PRONOUN = r"(?:[Hh]e|[Ss]he|[Tt]hey|[Ii]t)"
_SPEAKER = rf"(?P<speaker>{_NAME}|{_GROUP}|{_PRONOUN})"
_GAP = r"(?:,[^,.;“”\"]{2,90},)?\s+(?:(?:has|have|had|also|later|recently|then|even|previously|publicly|further)\s+){0,2}"
_SPEAKER_VERB = re.compile(
    rf"(?:^|(?<=[\s“\"(—–,]))(?i:the\s+)?{_SPEAKER}{_GAP}(?P<verb>{_VERB})\b"
)
_VERB_SPEAKER = re.compile(rf"[,”\"?!]\s*(?P<verb>{_VERB})\s+{_SPEAKER}")
_ACCORDING = re.compile(
    rf"(?i:according to|in the words of|in the view of|as (?:per|reported by))\s+(?i:the\s+|a\s+|an\s+)?{_SPEAKER}"
)
_NOUNS = re.compile(
    r"^(?:But|And|Yet|While|However|Although|Still|In|On|At|When|As|For|So|If|Meanwhile|Also|Since|After|Before)\s+"
)

_ZH_VERB = r"(?:表示|指出|认为|認為|称|稱|说|說|强调|強調|坦言|直言|透露|分析|写道|寫道|评价|評價|预计|預計|预测|預測|提到|介绍|介紹|解释|解釋|警告|质疑|質疑|批评|批評|否认|否認|宣布|宣佈|告诉|告訴|回应|回應|补充|補充)"
_ZH_SPEAKER = re.compile(
    rf"(?:^|(?<=[，。；！？\s”」]))(?P<speaker>[^，。；！？“”「」：:\s]{{2,30}}?)(?:[^，。；：“”「」]{{0,12}}?){_ZH_VERB}(?:[，：:,]|道|，|(?=[^，。]))"
)
_ZH_ACCORDING = re.compile(
    r"(?:据|據|根据|根據|按照)(?P<speaker>[^，。；“”「」：\s]{2,24}?)(?:报道|報道|報導|统计|統計|消息|介绍|介紹|透露|研报|研報|测算|測算|显示|顯示|称|稱|表示|分析|，)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """How a piece of evidence is spoken.

    ``speaker`` is the person or source in the text's own words, None for the author. ``is_quoted``
    tells direct speech, ``is_reported`` a reported clause.
    """

    speaker: str | None
    is_quoted: bool
    is_reported: bool


def speech_of(text: str, sentence: Span, cue: Span) -> Speech:
    """Tell who says the evidence ``cue`` in ``sentence``; spans count from the text's start."""
    chinese = is_chinese(text)
    quotation = _quotation_around(text, cue)
    said = text[sentence.start : sentence.end]
    speaker = _source(said, chinese=chinese)
    if speaker is None and quotation is not None:
        speaker = _source(_around(text, quotation), chinese=chinese)
    reported = speaker is not None
    if speaker is not None and not chinese and re.fullmatch(_PRONOUN, speaker):
        speaker = _named_before(text, sentence.start) or speaker
    return Speech(
        speaker=speaker, is_quoted=quotation is not None, is_reported=reported and quotation is None
    )


def quotations(text: str) -> Iterator[Span]:
    """Give the stretches of direct speech, with their marks; single terms in quotes are left out."""
    for found in _QUOTED.finditer(text):
        words = len(found.group().split())
        if words >= _MIN_QUOTED_WORDS or (
            is_chinese(found.group()) and len(found.group()) >= _MIN_QUOTED_SIGNS
        ):
            yield Span(start=found.start(), end=found.end())


def _quotation_around(text: str, cue: Span) -> Span | None:
    middle = (cue.start + cue.end) // 2
    return next((one for one in quotations(text) if one.start <= middle < one.end), None)


def _around(text: str, quotation: Span) -> str:
    """Give what stands before and after a quotation, up to a sentence's length."""
    return f"{text[max(0, quotation.start - 120) : quotation.start]}“”{text[quotation.end : quotation.end + 120]}"


def _source(said: str, *, chinese: bool) -> str | None:
    patterns = (
        (_ZH_ACCORDING, _ZH_SPEAKER) if chinese else (_ACCORDING, _VERB_SPEAKER, _SPEAKER_VERB)
    )
    for pattern in patterns:
        found = pattern.search(said)
        if found is not None:
            return _NOUNS.sub("", found.group("speaker")).strip(" ,")
    return None


def _named_before(text: str, before: int) -> str | None:
    """Give the last speaker named above, for a pronoun."""
    names = [
        found.group("speaker")
        for pattern in (_ACCORDING, _VERB_SPEAKER, _SPEAKER_VERB)
        for found in pattern.finditer(text[:before])
        if not re.fullmatch(_PRONOUN, found.group("speaker"))
    ]
    return names[-1] if names else None
