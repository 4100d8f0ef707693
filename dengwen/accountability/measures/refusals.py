"""How the effects of measures and appeals refuse: with every rule and every mend."""

from __future__ import annotations

from collections.abc import Sequence

from dengwen.accountability.errors import AccountabilityError
from dengwen.law.duties.act_record import Refusal
from dengwen.law.duties.step import Step
from dengwen.law.liability.provisions import Liability

Words = tuple[str, str]
"""The same in Chinese and English."""

_MEND = (
    "改正后再决定，或者由有管理权限的机关决定",
    "mend it and decide again, or let the organ with authority decide",
)


def says_something(text: str) -> bool:
    """Say whether a text has words in it, and not marks or blanks alone."""
    return any(character.isalnum() for character in text)


def in_words(step: Step, *names: str) -> None:
    """Refuse to tell, hear or answer somebody in texts that say nothing: empty, or marks alone (PSL
    43).

    AccountabilityError `no-words`.
    """
    for name in names:
        if not says_something(step.texts.get(name, "")):
            raise refuse(
                "no-words",
                name,
                (
                    "没有写明内容，只有空白或者标点（政务处分法第四十三条：告知事实和依据，听取并逐点核实）",
                    (
                        "this says nothing (PSL 43: facts and grounds are told, what is said is "
                        "heard and looked into)"
                    ),
                ),
                ("写明事实、依据或者理由", "write the facts, the grounds or the reasons"),
            )


def refuse(
    code: str, where: str, words: Words, mend: Words, *, under: str = ""
) -> AccountabilityError:
    """Return the error for something that is refused here, under which rule of the packs."""
    return AccountabilityError(
        code, where=where, zh=words[0], en=words[1], mend_zh=mend[0], mend_en=mend[1], under=under
    )


def refuse_as(found: Sequence[Refusal], where: str, rules: Liability) -> AccountabilityError:
    """Carry refusals of the law core to the door, every one with its rule and its mend."""
    said = [_said(refusal, rules) for refusal in found]
    zh = "；".join(chinese for chinese, _ in said)
    en = "; ".join(english for _, english in said)
    return refuse(found[0].code, where, (zh, en), _mend(found))


def _said(refusal: Refusal, rules: Liability) -> Words:
    """Return the words of one refusal with its rule, where it has one."""
    basis = refusal.basis
    if not basis:
        return refusal.zh, refusal.en
    zh = f"{refusal.zh}（{basis.cite(rules.instruments)}）"
    return zh, f"{refusal.en} ({basis.law} {basis.article})"


def _mend(found: Sequence[Refusal]) -> Words:
    """Return the mends of all refusals that have one, else a general one."""
    mended = [refusal for refusal in found if refusal.remedy_zh]
    if not mended:
        return _MEND
    zh = "；".join(refusal.remedy_zh for refusal in mended)
    return zh, "; ".join(refusal.remedy_en for refusal in mended)
