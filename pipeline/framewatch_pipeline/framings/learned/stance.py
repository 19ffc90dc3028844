"""Stance: does the passage endorse, report or dispute the claim of a framing.

A multinomial logistic regression on what stands around the evidence: quotation, reporting verbs,
hedges, contrast, words of dismissal, and the encoder's own opinion.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from framewatch_models.values.framings import Span, Stance
from framewatch_pipeline.framings.speech import Speech, quotations
from framewatch_pipeline.languages import is_chinese

Array = npt.NDArray[np.float64]

STANCES = (Stance.ENDORSES, Stance.REPORTS, Stance.DISPUTES)

_ENGLISH = {
    "hedge": r"\b(may|might|could|would|appear\w*|seem\w*|reported(ly)?|allege\w*|apparent(ly)?|suppose\w*|perhaps|possibl[ey]|potential(ly)?|likely|claim\w*|purport\w*|if|whether)\b",
    "reporting": r"\b(said|says|told|according to|wrote|writes|argue[sd]?|warn\w*|added|noted|claim(s|ed)|believe[sd]?|estimate[sd]?|predict\w*|analysts?|experts?|officials?|reportedly|called|calls|described|hailed)\b",
    "dispute": r"\b(overblown|overdone|overreact\w*|overstat\w*|exaggerat\w*|misleading|wrong|myth|not (true|accurate|the whole)|den(y|ies|ied)|dismiss\w*|reject\w*|doubt\w*|skeptic\w*|sceptic\w*|question(ed|s|able)|dubious|unlikely|far from|no evidence|unfounded|baseless|nonsense|downplay\w*|refut\w*|debunk\w*|politici\w*|premature|hardly|buying opportunity|jevons)\b",
    "contrast": r"\b(but|however|yet|although|though|while|despite|still|nevertheless|nonetheless|instead|rather|on the contrary)\b",
    "negation": r"\b(not|no|never|n't|nothing|neither|nor|cannot|isn't|doesn't|didn't|won't|aren't|wasn't)\b",
    "more": r"\b(jevons|tighten\w*|more demand|increase[sd]? demand|still need|real cost|total cost|does not include|excludes?|only the|hidden|undisclosed|smuggl\w*|bottleneck|remain\w* (ahead|behind|dependent))\b",
    "first person": r"\b(I|we|our|my|us)\b",
    "event": r"\b(fell|fall|falls|drop\w*|plung\w*|tumbl\w*|lost|wiped|slid|slump\w*|rose|surg\w*|jump\w*|bann?ed|bans|block\w*|restrict\w*|investigat\w*|launch\w*|order\w*|announc\w*|prohibit\w*)\b",
    "judgement": r"\b(must|should|shows?|proves?|proved|means|clearly|of course|indeed|in fact|remarkabl\w*|has (shown|proved|demonstrated))\b",
}
_CHINESE = {
    "hedge": r"或|可能|有望|料|预计|預計|似乎|据称|據稱|疑|传闻|傳聞|也许|也許|大概|恐",
    "reporting": r"表示|认为|認為|指出|称|稱|据|據|报道|報道|報導|说|說|分析|研报|研報|透露|坦言|强调|強調",
    "dispute": r"夸大|誇大|过度|過度|误解|誤解|并非|並非|否认|否認|质疑|質疑|不实|不實|言过其实|高估|反驳|反駁|澄清|神话|站不住|不成立|未必|杞人忧天|恐慌过|无需",
    "contrast": r"但|然而|不过|不過|却|卻|尽管|儘管|虽然|雖然|而是|反而",
    "negation": r"不|没|沒|未|无|無|非",
    "more": r"杰文斯|傑文斯|不会减少|不會減少|仍需|仍然依赖|仍依賴|收紧|收緊|未计入|不包括|总成本|總成本",
    "first person": r"我们|我們|我认为|笔者|筆者|我",
    "event": r"下跌|大跌|暴跌|重挫|上涨|大涨|涨停|走强|禁止|封禁|禁用|下架|调查|調查|宣布|发布|發布|要求|限制",
    "judgement": r"必须|必須|应当|應當|证明|證明|意味着|标志着|標誌著|显然|顯然|打破|改变|改變|倒逼",
}
_WORDS = {
    False: {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _ENGLISH.items()},
    True: {name: re.compile(pattern) for name, pattern in _CHINESE.items()},
}
# Characters around the cue that are read apart from its sentence.
_NEAR = 80

FEATURES = (
    *(f"{name} in sentence" for name in _ENGLISH),
    *(f"{name} near cue" for name in _ENGLISH),
    "dispute in passage",
    "contrast after evidence",
    "dispute after evidence",
    "quoted",
    "reported",
    "source named",
    "share quoted",
    "question",
    "position",
    "meaning endorses",
    "meaning reports",
    "meaning disputes",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StanceHead:
    """Weights: ``weights`` (features, 3), ``own`` (framings, 3) added for each framing."""

    mean: Array
    scale: Array
    weights: Array
    own: Array
    bias: Array

    def probabilities(self, features: Array, framings: npt.NDArray[np.intp]) -> Array:
        """Give P(stance) for rows of features; ``framings`` tells each row's framing by place, -1 = unknown."""
        known = np.where(framings[:, None] >= 0, self.own[framings], 0.0)
        logits = ((features - self.mean) / self.scale) @ self.weights + self.bias + known
        raised = np.exp(logits - logits.max(1, keepdims=True))
        return np.asarray(raised / raised.sum(1, keepdims=True))


def stance_features(
    text: str, sentence: Span, cue: Span, speech: Speech, opinion: Sequence[float]
) -> Array:
    """Give the features of one piece of evidence, in `FEATURES`' order.

    ``opinion`` is the encoder's log-probabilities of `STANCES`, zeros where there is none.
    """
    words = _WORDS[is_chinese(text)]
    said = text[sentence.start : sentence.end]
    near = text[max(sentence.start, cue.start - _NEAR) : min(sentence.end, cue.end + _NEAR)]
    after = text[sentence.end :]
    quoted = list(quotations(text))
    n_quoted = sum(one.end - one.start for one in quoted)
    return np.array(
        [
            *(float(bool(pattern.search(said))) for pattern in words.values()),
            *(float(bool(pattern.search(near))) for pattern in words.values()),
            float(bool(words["dispute"].search(text))),
            float(bool(words["contrast"].search(after[:80]))),
            float(bool(words["dispute"].search(after))),
            float(speech.is_quoted),
            float(speech.is_reported),
            float(speech.speaker is not None),
            n_quoted / max(len(text), 1),
            float(said.rstrip('”"』」').endswith(("?", "？"))),
            sentence.start / max(len(text), 1),
            *opinion,
        ]
    )
