"""Aids for whoever reads a reply: what may be missing, with the sentence that shows it.

Never a score. Plain rules over the text, the same every time. They find what is worth a look, and
miss and mistake some of it: how often stands in docs/why/chapters/reply-quality.en.md. What a reply
owes: R22 32 (request, facts and reasons, opinion with its basis).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

UNANSWERED, FORWARDED, BOILERPLATE, NO_BASIS, NO_REMEDY = (
    "unanswered",
    "forwarded",
    "boilerplate",
    "no_basis",
    "no_remedy",
)
KINDS: dict[str, tuple[str, str]] = {
    UNANSWERED: ("这项诉求似乎没有答到", "this request seems to be left unanswered"),
    FORWARDED: ("把“已转办”当作答复", "“forwarded” is given as the answer"),
    BOILERPLATE: ("几乎只有套话", "hardly anything but set phrases"),
    NO_BASIS: ("没有写查明的情况，也没有写依据", "neither findings nor a basis are given"),
    NO_REMEDY: ("没有写不服怎么办", "does not say what is possible against it"),
}
"""What the aids say, Chinese and English."""

_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;]?")
_CLAUSE = re.compile(r"[^，,。！？!?；;：:\n]+")
_FORMULA = re.compile(
    r"您好|你好|网友|收悉|回复如下|答复如下|回复您|感谢|谢谢|高度重视|关心|理解与支持|支持和|监督|祝您|敬请|谅解|"
    r"来信|留言|您的?反映|您所?反映|反映的|提出的|尊敬的|同志|^\d{4}年\d+月\d+日$|责成|认真研究|特此|如有疑问|欢迎|来电咨询|联系电话|咨询电话|"
    r"及时(回复|反馈)|后续回复|第一时间|办复"
)
_FORWARD = re.compile(
    r"(已|将|现|均)?(转|移|交)(交|送|办|至|给|由|呈|达)|已?转.{0,16}(处理|办理|调查|核实|核查|研究|阅)|"
    r"已?(反映|反馈|呈报)(给|至|到)|交.{0,16}(处理|办理|调查|核实|核处)|请.{0,16}(单位|部门)(处理|办理|核实)"
)
_BASIS = re.compile(
    r"《|(根据|依据|按照)(?!您|你|网友)|规定|条例|办法|文件|政策|国家标准|经.{0,14}(查|核|了解|调查|现场|研究)|据查|"
    r"据了解|核实|现场|查看|勘查|查明|约谈|走访|实地|\d{4}年|\d+(个|户|米|元|万|公里|平方)"
)
_DATED = re.compile(r".{0,24}\d{4}年\d+月\d+日?")
_REMEDY = re.compile(r"复查|复核|复议|诉讼|起诉|不服|申诉|仲裁|法律途径|司法途径")
_ASKING = re.compile(
    r"[？?]|请|望|恳求|要求|何时|能否|能不能|可否|是否|什么时候|怎么|如何|为什么|为何|咨询|建议|请问|求"
)
_WORDS = re.compile(r"[一-鿿]")
_COMMON = frozenset(
    {
        "请问",
        "是否",
        "能否",
        "希望",
        "我们",
        "你们",
        "这个",
        "什么",
        "时候",
        "怎么",
        "可以",
        "领导",
        "政府",
        "部门",
        "相关",
        "有关",
        "解决",
        "处理",
        "问题",
        "尽快",
        "没有",
        "现在",
        "一个",
        "谢谢",
        "如何",
        "为什",
        "何时",
        "小区",
        "业主",
        "百姓",
        "居民",
        "市民",
        "你好",
        "您好",
        "咨询",
        "建议",
        "要求",
        "能不",
        "不能",
    }
)
LEAST = 20
"""Fewest characters of substance that are more than a set phrase."""
FEWEST_PAIRS = 6
"""Fewest pairs of characters of a request that say enough to be looked for in the reply."""
MOST_UNANSWERED = 3
"""How many untouched requests are shown; more say no more."""


@dataclass(frozen=True, slots=True)
class Aid:
    """One thing worth a look: its kind (a key of `KINDS`), and the sentence of reply or request
    that shows it."""

    kind: str
    sentence: str

    def words(self) -> tuple[str, str]:
        """Return what it says, Chinese and English."""
        return KINDS[self.kind]


def aids(reply: str, requests: Sequence[str]) -> tuple[Aid, ...]:
    """Return what may be missing in a reply to these requests; () where nothing is found or there
    is no reply."""
    sentences = _sentences(reply)
    if not sentences:
        return ()
    substance = _substance(reply)
    found: list[Aid] = []
    if sum(len(clause) for clause in substance) < LEAST:
        found.append(_says_little(sentences))
    if not _names_basis(reply):
        found.append(Aid(NO_BASIS, max(substance, key=len) if substance else sentences[-1]))
    if not _REMEDY.search(reply):
        found.append(Aid(NO_REMEDY, sentences[-1]))
    return (*_unanswered(reply, requests), *found)


def _says_little(sentences: Sequence[str]) -> Aid:
    """Return the aid for a reply of set phrases: the sending on where it says so, else the longest
    sentence."""
    for sentence in sentences:
        if _FORWARD.search(sentence):
            return Aid(FORWARDED, sentence)
    return Aid(BOILERPLATE, max(sentences, key=len))


def _names_basis(reply: str) -> bool:
    """Say whether a reply names a basis in a clause that is not the sending on, nor a date
    alone."""
    for clause in _clauses(reply):
        if _FORWARD.search(clause) or _DATED.fullmatch(clause):
            continue
        if _BASIS.search(clause):
            return True
    return False


def requests_in(text: str) -> tuple[str, ...]:
    """Return the sentences of a letter that ask for something, where nobody listed its requests."""
    return tuple(
        s for s in _sentences(text) if _ASKING.search(s) and len(_pairs(s)) >= FEWEST_PAIRS
    )


def _unanswered(reply: str, requests: Iterable[str]) -> list[Aid]:
    """Return the requests of which the reply says nothing, the first few."""
    answered = _pairs(" ".join(_substance(reply)))
    left = []
    for request in requests:
        pairs = _pairs(request)
        if len(pairs) >= FEWEST_PAIRS and not (pairs & answered):
            left.append(Aid(UNANSWERED, request))
    return left[:MOST_UNANSWERED]


def _sentences(text: str) -> list[str]:
    """Return the sentences of a text that have words."""
    plain = text.replace("_x000D_", "\n")
    return [s.strip() for s in _SENTENCE.findall(plain) if _WORDS.search(s)]


def _substance(reply: str) -> list[str]:
    """Return the clauses that are neither set phrases nor the sending on."""
    found = []
    for clause in _clauses(reply):
        if not _FORMULA.search(clause) and not _FORWARD.search(clause):
            found.append(clause)
    return found


def _clauses(text: str) -> list[str]:
    """Return the clauses of a text that have words."""
    plain = text.replace("_x000D_", "\n")
    return [clause.strip() for clause in _CLAUSE.findall(plain) if _WORDS.search(clause)]


def _pairs(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring Chinese characters of a text, without those that say
    nothing."""
    found = {text[n : n + 2] for n in range(len(text) - 1)}
    return frozenset(p for p in found if len(_WORDS.findall(p)) == 2 and p not in _COMMON)
