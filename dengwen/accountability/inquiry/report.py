"""The parts of an investigation report (D50) that follow from the acts, and the letter of proposal.

They are composed here and compared where an inquiry is concluded, so that a report says what was
found and nothing else. Documents are issued in Chinese.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping

from dengwen.accountability.inquiry.conclusion.completeness import circumstances_met
from dengwen.accountability.inquiry.conclusion.odd_findings import contradictions
from dengwen.accountability.inquiry.queries import Inquiry
from dengwen.accountability.inquiry.responsibility import Ground
from dengwen.law.liability import conduct_words
from dengwen.law.liability.attribution import NONE, RESPONSIBILITIES, Line
from dengwen.law.liability.provisions import Liability
from dengwen.law.liability.triggers import REASONS
from dengwen.organs.models import Official, Organ
from dengwen.oversight.inspections.queries import Told

FINDINGS = {"shown": "已证明", "not_shown": "没有证明", "cannot": "无法证明"}
RESULTS = {"upheld": "成立，予以采纳", "partly": "部分成立", "rejected": "不成立"}
STANDS = {"agree": "认可", "partly": "部分认可", "disagree": "不认可"}
KINDS = {"collective": "集体责任", "individual": "个人责任"}


def word_of(element: str, index: int = 0) -> str:
    """Return a conduct or element in words: Chinese, or English with index 1."""
    return element_words(element)[index]


def element_words(element: str) -> tuple[str, str]:
    """Return a conduct or element in words, Chinese and English."""
    if element == REASONS:
        return "书面理由", "written reasons"
    words = conduct_words.CONDUCTS.get(element) or conduct_words.ELEMENTS.get(element)
    return words or (element, element)


def elements_text(made: Inquiry, rules: Liability) -> str:
    """Return the facts element by element, a line each with its evidence and reasons."""
    lines = []
    for (trigger, element), told in made.findings.items():
        rule = rules.triggers.get(trigger)
        cite = rule.basis.cite(rules.instruments) if rule else trigger
        evidence = "、".join(str(e) for e in told.data.get("evidence", ())) or "无"
        lines.append(
            f"{cite}　{word_of(element)}：{FINDINGS[str(told.data['finding'])]}（证据 {evidence}）。"
            f"{told.texts.get('reasons', '')}"
        )
    if made.gravity is not None:
        reasons = made.gravity.reasons
        lines.append(f"情节：{GRAVE[made.gravity.classed]}。{reasons}")
    return "\n".join(lines) or "没有逐项认定"


def attribution_text(
    made: Inquiry, rules: Liability, grounds: Mapping[int, Ground], names: Mapping[int, str]
) -> str:
    """Return the attribution table, a line each person with the sentence it rests on and what was
    changed and why."""
    lines = []
    for (official, number, kind), told in made.lines.items():
        ground = grounds.get(number)
        line = ground.line(official, kind) if ground else None
        who = f"{names.get(official, '')}　第{number}项　{KINDS[kind]}：{_found(told)}"
        parts = [who, *_computed(line, rules), told.texts.get("reasons", "")]
        lines.append("。".join(part for part in parts if part))
    return "\n".join(lines) or "没有人员的责任认定"


def _found(told: Told) -> str:
    """Return the responsibility found, and what was proposed where it was changed."""
    found, proposed = str(told.data["responsibility"]), str(told.data["proposed"])
    words = RESPONSIBILITIES[found][0]
    if found != proposed:
        words += f"（系统提出的是{RESPONSIBILITIES[proposed][0]}，由核查人员改变）"
    return words


def _computed(line: Line | None, rules: Liability) -> list[str]:
    """Return the sentence a line rests on with its article, and its notes."""
    if line is None:
        return []
    sentence = f"{line.zh}（{line.basis.cite(rules.instruments)}）"
    return [sentence, "；".join(note.zh for note in line.notes)]


def defence_text(made: Inquiry, names: Mapping[int, str]) -> str:
    """Return what each person said in their defence, point by point, with the answer and its
    reasons."""
    lines = []
    for told in made.acts:
        if told.act not in ("hear", "sign_hearing"):
            continue
        name = names.get(int(told.data["official"]), "")
        if told.act == "hear":
            lines.append(f"{name}：{told.texts.get('statement', '')}")
        elif told.texts.get("remarks"):
            lines.append(f"{name}　对笔录的更正、补充：{told.texts['remarks']}")
    for point in made.points.values():
        stand = STANDS[str(point.told.data["stand"])]
        defence = point.told.texts.get("defence", "")
        lines.append(
            f"第{point.number}点　{names.get(point.official, '')}　{stand}：{defence}"
            f"　答复：{_replied(point.answer)}"
        )
    return "\n".join(lines) or "没有陈述申辩"


def _replied(answer: Told | None) -> str:
    """Return the answer to a point of a defence, with its reasons."""
    if answer is None:
        return "没有答复"
    return f"{RESULTS[str(answer.data['result'])]}。{answer.texts.get('reasons', '')}"


def report_texts(
    made: Inquiry, rules: Liability, grounds: Mapping[int, Ground], names: Mapping[int, str]
) -> dict[str, str]:
    """Return the parts of the report by the names of the fields of `conclude`."""
    return {
        "elements": elements_text(made, rules),
        "attribution": attribution_text(made, rules, grounds, names),
        "defence": defence_text(made, names),
        "contradictions": contradictions_text(made, grounds, names),
    }


def contradictions_text(
    made: Inquiry, grounds: Mapping[int, Ground], names: Mapping[int, str]
) -> str:
    """Return each contradiction of the inquiry with the reasons that were given for it, and what
    was answered to diligence beside what the ledger has."""
    lines = [_diligence(told, names) for told in made.diligence.values()]
    for one in contradictions(made, grounds):
        reasoned = made.reasoned.get(one.key)
        reasons = reasoned.texts.get("reasons", "") if reasoned else "没有写明理由"
        who = f"{names.get(one.official, '')}　" if one.official else ""
        lines.append(f"{who}{one.zh}。理由：{reasons}")
    return "\n".join(lines) or "没有矛盾"


BY_LEDGER = {
    "ledger_in_time": "及时办理",
    "ledger_reported": "报告过",
    "ledger_helped": "请求过协助",
}
ANSWERED = {"yes": "是", "no": "否", "unknown": "没有记录"}


def _diligence(told: Told, names: Mapping[int, str]) -> str:
    """Return what the ledger answers to diligence, beside what the investigators answered and
    why."""
    who = names.get(int(told.data["official"]), "")
    ledger = "，".join(
        f"{words}：{ANSWERED[str(told.data.get(name, 'unknown'))]}"
        for name, words in BY_LEDGER.items()
    )
    found = ANSWERED[str(told.data.get("done_in_time", "unknown"))]
    reasons = told.texts.get("reasons", "")
    ground = told.data["ground"]
    return f"{who}　第{ground}项尽职检验　存证记录：{ledger}。核查认定及时履行：{found}。{reasons}"


PARTS = ("findings", "elements", "attribution", "defence", "contradictions")
"""The texts of a report, in the order in which they are signed."""


def report_digest(outcome: str, texts: Mapping[str, str]) -> str:
    """Return the digest under which investigators sign a report: its outcome and all its texts."""
    whole = [outcome, *(texts.get(name, "") for name in PARTS)]
    return hashlib.sha256(json.dumps(whole, ensure_ascii=False).encode()).hexdigest()


GRAVE = {
    "light": "情节较轻",
    "serious": "危害严重以及影响重大",
    "especially_serious": "危害特别严重以及影响特别重大",
    "": "介于两档之间，由有管理权限的机关写明理由决定",
}


def letter_digest(letter: str) -> str:
    """Return the digest by which a proposal received is bound to its letter (D33): SHA-256,
    hexadecimal (S 17)."""
    return hashlib.sha256(letter.encode()).hexdigest()


def proposal_text(
    made: Inquiry,
    found: Liability,
    today: Liability,
    subject: Mapping[str, int],
    measures: Iterable[str],
) -> str:
    """Return what a letter of proposal (D33) says: who answers for what, which circumstances, what
    is proposed.

    `found` are the rules of the day of the conduct, `today` those of the measures; nothing here
    decides (S 17 para. 2).
    """
    official = subject.get("subject_official")
    who = _person(made, official) if official else _organ(subject.get("subject_organ", 0))
    met = [found.triggers[trigger] for trigger in circumstances_met(made, found)]
    situations = [f"{rule.zh}（{rule.basis.cite(found.instruments)}）" for rule in met]
    named = [today.measures[m].zh for m in measures if m in today.measures]
    classed = made.gravity.classed if made.gravity else ""
    return "\n".join(
        [
            f"建议追究：{who}",
            f"符合的情形：{'；'.join(situations)}",
            f"情节：{GRAVE[classed]}",
            f"建议的措施：{'、'.join(named)}",
            f"以上是建议；是否追究、怎样追究，由有管理权限的机关决定{_under(today)}。",
        ]
    )


def _under(today: Liability) -> str:
    """Return how it is cited here that a petition department only proposes, "" where it is not."""
    said = today.cited.get("proposes_only")
    return f"（{said.zh}）" if said else ""


def _person(made: Inquiry, official: int) -> str:
    """Return the name of an official and what they answer for."""
    name = Official.objects.filter(pk=official).values_list("name", flat=True).first() or ""
    words = []
    for (who, _, kind), told in made.lines.items():
        responsibility = told.data["responsibility"]
        if who == official and responsibility != NONE:
            words.append(f"{KINDS[kind]}：{RESPONSIBILITIES[responsibility][0]}")
    return f"{name}（{'，'.join(dict.fromkeys(words))}）"


def _organ(pk: int) -> str:
    """Return the name of an organ, empty where there is none."""
    return Organ.objects.filter(pk=pk).values_list("name_zh", flat=True).first() or ""
