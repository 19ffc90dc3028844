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
# Characters beside a quotation in which its source is looked for.
_BESIDE = 120

_VERB = (
    r"(?:said|says|say|told|tells|added|adds|wrote|writes|argue[sd]?|argued|claim(?:s|ed)?|warn(?:s|ed)?|not(?:es|ed)|"
    r"explain(?:s|ed)|believe[sd]?|think[s]?|thought|suggest(?:s|ed)|estimate[sd]?|predict(?:s|ed)?|report(?:s|ed)|"
    r"acknowledge[sd]|admit(?:s|ted)|insist(?:s|ed)|call(?:s|ed)|describe[sd]?|point(?:s|ed) out|conclude[sd]?|"
    r"stat(?:es|ed)|announce[sd]|alleg(?:es|ed)|accus(?:es|ed)|express(?:es|ed)|asked|posted|tweeted|quipped|"
    r"remarked|observed|reckon(?:s|ed)?|maintain(?:s|ed)|contend(?:s|ed)|den(?:ies|ied)|stress(?:es|ed)|urg(?:es|ed)|"
    r"hail(?:s|ed)|dismiss(?:es|ed)|see[s]?|expect(?:s|ed)?)"
)
_TITLE = r"(?:(?:Mr|Mrs|Ms|Dr|Prof|Professor|President|Senator|Sen|Rep|Governor|CEO)\.?\s+)?"
# A sentence begins with these oftener than a name does.
_NO_NAME = (
    r"(?!(?:The|But|And|Yet|While|However|Although|Still|In|On|At|When|As|For|So|If|Meanwhile|Also|Since|After|"
    r"Before|This|That|These|Those|What|There|Last|Some|Many|Most|Now|Then|It|He|She|They|We|I|Image|Photo|"
    r"Advertisement|According|With|By|From|Not|No|Even|Such|One|Other|Another|His|Her|Their|Its|Our|My|Why|How)\b)"
)
_NAME = (
    rf"{_NO_NAME}{_TITLE}[A-Z][\w'.-]+(?:\s+(?:[A-Z][\w'.-]*|de|van|von|bin|al|of|the|&)){{0,5}}"
)
_GROUP = (
    r"(?:(?:some|many|several|most|other|US|U\.S\.|Chinese|American|European|industry|security|tech|AI|Western|"
    r"senior|former|privacy|media)\s+){0,3}"
    r"(?:analysts?|experts?|officials?|researchers?|critics?|observers?|investors?|economists?|lawmakers?|"
    r"regulators?|executives?|scientists?|sources?|reports?|company|firm|start-?up|ministry|government|agency|"
    r"authority|watchdog|bank|brokerage|study|paper|statement|newspaper|founder|spokes(?:man|woman|person)|"
    r"commentators?|strategists?|people familiar with the matter|studies|users|engineers|insiders)"
)
_PRONOUN = r"(?:[Hh]e|[Ss]he|[Tt]hey|[Ii]t)"
_SPEAKER = rf"(?P<speaker>{_NAME}|(?i:{_GROUP})|{_PRONOUN})"
_GAP = r"(?:,[^,.;“”\"]{2,90},)?\s+(?:(?:has|have|had|also|later|recently|then|even|previously|publicly|further)\s+){0,2}"
_SPEAKER_VERB = re.compile(
    rf"(?:^|(?<=[\s“\"(—–,]))(?:[Tt]he\s+)?{_SPEAKER}{_GAP}(?P<verb>{_VERB})\b"
)
_VERB_SPEAKER = re.compile(rf"[,”\"?!]\s*(?P<verb>{_VERB})\s+(?:the\s+)?{_SPEAKER}")
_ACCORDING = re.compile(
    rf"(?i:according to|in the words of|in the view of|as reported by)\s+(?i:the\s+|an?\s+)?{_SPEAKER}"
)
# Any subject of a verb that can mean nothing but speech: "A professor of law said", "Dealers said".
_SAYING = (
    r"(?:said|says|told|tells|added|wrote|writes|argue[sd]?|warn(?:s|ed)|conclude[sd]|claim(?:s|ed)|insist(?:s|ed)|"
    r"acknowledge[sd]|admit(?:s|ted)|estimate[sd]|predict(?:s|ed)|believe[sd]?|alleg(?:es|ed)|den(?:ies|ied)|"
    r"dismiss(?:es|ed)|described|contend(?:s|ed)|cautioned|advised|thought|doubts?)"
)
_PHRASE = (
    r"(?P<speaker>(?:[A-Z0-9]|(?:an?|the|one|two|three|four|five|his|her|its|their|some|many|several|most|analysts|officials|"
    r"dealers|experts|critics|researchers)\s)(?:(?!\s(?:after|that|which|because|when|while|as|if|where|than|is|was)\s)[^,.;:“”\"()?!—]){1,70}?)"
)
_PHRASE_VERB = re.compile(
    rf"(?:^|(?<=[,;:—–-]\s)|(?<=\bas\s)|(?<=\bafter\s)|(?<=\band\s)){_PHRASE}{_GAP}(?P<verb>{_SAYING})\b"
)
_VERB_PHRASE = re.compile(
    r"[,”\"?!]\s*(?P<verb>said|says|wrote|argued|added|warned)\s+(?P<speaker>(?:an?|the|one|two|three)\s[^,.;:“”\"()]{2,50})"
)
_ASIDE_VERB = r"(?:said|says|wrote|argued|added|warned|told|thinks|thought|found|reckons)"
_ASIDE = re.compile(rf",\s+(?:{_PHRASE}|(?P<pronoun>he|she|they|it))\s+{_ASIDE_VERB}\b")
_DATELINE = re.compile(r"^[A-Z][A-Z .]{2,30}\s[-–—]\s")
_LINKS = re.compile(
    r"^(?:But|And|Yet|While|However|Although|Still|On \w+day|When|As|For|So|If|Meanwhile|Also|Since|After|Before|Last (?:week|month|year))\s+"
)
_PERSON = re.compile(rf"{_NO_NAME}[A-Z][\w'-]+\s+[A-Z][\w'-]+")

_ZH_VERB = (
    r"(?:表示|指出|认为|認為|称|稱|说|說|强调|強調|坦言|直言|透露|写道|寫道|评价|評價|预计|預計|预测|預測|提到|"
    r"介绍|介紹|解释|解釋|警告|质疑|質疑|批评|批評|否认|否認|宣布|宣佈|告诉|告訴|回应|回應|补充|補充)"
)
_ZH_LINK = r"(?:(?:今日|日前|近日|此前|当日|也|亦|还|還|则|則|曾|进一步|進一步|对此|對此|公开|公開|在[^，。；]{1,15}(?:中|上|时|時|里|裡))){0,3}"
_ZH_SPEAKER = re.compile(
    rf"(?:^|(?<=[，。；！？\s”」、]))(?:但|而|有|另有|据|據|对此|對此)?(?P<speaker>[^，。；！？“”「」：:\s的是]{{2,24}}?){_ZH_LINK}{_ZH_VERB}"
)
_ZH_ACCORDING = re.compile(
    r"(?:^|(?<=[，。；！？\s]))(?:据|據|根据|根據|按照)(?P<speaker>[^，。；“”「」：\s]{2,24}?)"
    r"(?:报道|報道|報導|统计|統計|消息|介绍|介紹|透露|测算|測算|显示|顯示|称|稱|表示|，)"
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
    speaker = _clause_speaker(text, sentence, cue, chinese=chinese)
    if speaker is None and quotation is not None:
        speaker = _quotation_speaker(text, quotation, chinese=chinese)
    is_reported = speaker is not None and quotation is None
    if speaker is not None and re.fullmatch(_PRONOUN, speaker):
        speaker = _meant(speaker, text[: sentence.start]) or speaker
    return Speech(speaker=speaker, is_quoted=quotation is not None, is_reported=is_reported)


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


def _clause_speaker(text: str, sentence: Span, cue: Span, *, chinese: bool) -> str | None:
    """Find the source in the evidence's own sentence: named anywhere, or with a verb that governs the cue.

    "X said that CUE" and "CUE, said X" are X's words; of "CUE after X said so" X says nothing.
    """
    said = text[sentence.start : sentence.end]
    start, end = cue.start - sentence.start, cue.end - sentence.start
    if found := (_ZH_ACCORDING if chinese else _ACCORDING).search(said):
        return _clean(found)
    if chinese:
        governing = _ZH_SPEAKER.finditer(said)
    else:
        patterns = (_SPEAKER_VERB, _PHRASE_VERB)
        governing = (found for pattern in patterns for found in pattern.finditer(said))
    before = [
        found
        for found in governing
        if found.end("speaker") <= start or found.start() <= start < found.end()
    ]
    if before:
        return _clean(max(before, key=lambda found: (found.end(), -found.start())))
    return None if chinese else _said_behind(said[min(end, len(said)) :])


def _said_behind(rest: str) -> str | None:
    """Find ", said X" or ", X said" behind the cue."""
    for pattern in (_VERB_SPEAKER, _VERB_PHRASE):
        if found := pattern.search(rest):
            return _clean(found)
    found = _ASIDE.search(rest)
    return _clean(found) if found else None


def _quotation_speaker(text: str, quotation: Span, *, chinese: bool) -> str | None:
    """Find the source beside a quotation: behind it ("…”, said X"), else before it ("X said: “…")."""
    behind = text[max(quotation.end - 2, 0) : quotation.end + _BESIDE]
    before = text[max(0, quotation.start - _BESIDE) : quotation.start]
    if chinese:
        found = list(_ZH_SPEAKER.finditer(before))
        return _clean(found[-1]) if found else None
    for pattern in (_VERB_SPEAKER, _VERB_PHRASE, _SPEAKER_VERB):
        if near := pattern.search(behind):
            return _clean(near)
    earlier = [
        found for pattern in (_SPEAKER_VERB, _PHRASE_VERB) for found in pattern.finditer(before)
    ]
    return _clean(max(earlier, key=lambda found: found.end())) if earlier else None


def _meant(pronoun: str, above: str) -> str | None:
    """Give whom a pronoun means: the last speaker named above, else the last person."""
    named = [
        found
        for pattern in (_ACCORDING, _VERB_SPEAKER, _SPEAKER_VERB)
        for found in pattern.finditer(above)
        if not re.fullmatch(_PRONOUN, found.group("speaker"))
    ]
    if named:
        return _clean(max(named, key=lambda found: found.start()))
    # "It" may be any firm or paper; a person is meant by he and she alone.
    names = [] if pronoun.lower() == "it" else _PERSON.findall(above)
    return str(names[-1]) if names else None


def _clean(found: re.Match[str]) -> str:
    named = found.group("speaker") or found.group("pronoun")
    said = _DATELINE.sub("", named.strip(" ,"))
    said = _LINKS.sub("", said).removesuffix("'s")
    return said if re.search(r"\b[A-Z]\.$", said) else said.rstrip(".")
