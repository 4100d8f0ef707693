"""The only writer of grants: roles are given and taken by acts, with a second person.

Every function is an effect `(step, facts) -> steps`; the fields each act declares stand in
docs/reference/access.md. Until an installation has its first security and audit administrators,
those may be named without a second one, and nothing else may be granted (checklist 6.3.2: no
default accounts).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dengwen.access.errors import AccessError
from dengwen.access.grants import has_administrators, overlapping, roles_of
from dengwen.access.models import RoleGrant, User
from dengwen.access.roles import COMPARTMENTS, ROLES, capacities, conflicts
from dengwen.law.duties.step import NOBODY_YET, Facts, Step
from dengwen.organs.act_fields import Entry


def open_account(step: Step, facts: Facts) -> Sequence[Step]:
    """Open an account by name, for an official of the registry or for nobody in it; it has no
    password yet."""
    entry = Entry(step, facts)
    username = User.normalize_username(entry.long_code("username"))
    if User.objects.filter(username=username).exists():
        raise entry.taken("username", username)
    official = entry.official() if entry.has("official") else None
    if official and User.objects.filter(official=official).exists():
        raise entry.refuse(
            "has_account",
            "official",
            zh=f"{official.name}已有账号",
            en=f"official {official.code} has an account",
            mend_zh="沿用原账号",
            mend_en="use that account",
        )
    User.objects.create_user(username, None, official)
    return ()


def own_list(step: Step, facts: Facts) -> Sequence[Step]:
    """Refuse another organ's list: every department draws up its own (S 5 para. 1); the
    registrar enters any."""
    entry = Entry(step, facts)
    user = User.objects.filter(pk=facts.actor or 0).first()
    registrar = user is None or "registrar" in capacities(roles_of(user, facts.day))
    if not registrar and facts.organ != entry.organ(on=facts.day).pk:
        raise entry.refuse(
            "not_own_list",
            "organ",
            zh="清单由各工作部门自己制定",
            en="every department draws up its own list",
            mend_zh="请该单位的负责人公布",
            mend_en="let the head of that organ publish it",
        )
    return ()


def link_official(step: Step, facts: Facts) -> Sequence[Step]:
    """Say whose account it is in the registry; an account that has an official keeps it."""
    entry = Entry(step, facts)
    user, official = _user(step, facts), entry.official()
    if user.official_id is not None or User.objects.filter(official=official).exists():
        raise entry.refuse(
            "has_account",
            "official",
            zh="账号或人员已有对应",
            en="the account or the official is linked already",
            mend_zh="开立新账号",
            mend_en="open a new account",
        )
    user.official = official
    user.save(update_fields=["official"])
    return ()


def close_account(step: Step, facts: Facts) -> Sequence[Step]:
    """Close an account for good: nobody can sign in to it, and its grants count no more from
    this moment."""
    user = _user(step, facts)
    user.is_active = False
    user.save(update_fields=["is_active"])
    return ()


def grant_role(step: Step, facts: Facts) -> Sequence[Step]:
    """Grant a role for a period, in an organ or everywhere, with a second person's approval."""
    entry = Entry(step, facts)
    start = entry.day()
    end = entry.end("to", start)
    user = _user(step, facts)
    role = entry.word("role", [code for code, known in ROLES.items() if known.grantable])
    _two_persons(step, facts, user, role)
    _exclusive(step, facts, user, role, start, end)
    RoleGrant.objects.create(
        user=user,
        role=role,
        organ=entry.organ_or_none("organ", start),
        valid_from=start,
        valid_to=end,
        compartment=entry.word("compartment", [name for name in COMPARTMENTS if name], "")
        if entry.has("compartment")
        else "",
        act=facts.act_id,
    )
    return ()


def end_role(step: Step, facts: Facts) -> Sequence[Step]:
    """End a grant; `from` is the first day without it, today at once. Taking away needs no
    second person."""
    entry = Entry(step, facts)
    start = entry.day()
    grant = RoleGrant.objects.select_for_update().filter(pk=entry.number("grant") or 0).first()
    if grant is None or (grant.valid_to and grant.valid_to <= start):
        raise entry.refuse(
            "nothing_to_end",
            "grant",
            zh="没有这一授权，或者已经终止",
            en="there is no such grant, or it has ended",
            mend_zh="从授权清单中选择",
            mend_en="choose it from the list of grants",
        )
    grant.valid_to, grant.end_act = max(start, grant.valid_from), facts.act_id
    grant.save(update_fields=["valid_to", "end_act"])
    return ()


def _user(step: Step, facts: Facts) -> User:
    entry = Entry(step, facts)
    user = User.objects.select_for_update().filter(pk=entry.number("user") or 0).first()
    if user is None:
        raise entry.refuse(
            "unknown",
            "user",
            zh="没有这一账号",
            en="there is no such account",
            mend_zh="先开立账号",
            mend_en="open the account first",
        )
    return user


def _two_persons(step: Step, facts: Facts, user: User, role: str) -> None:
    """Check who grants and who approved it from the own account: a security administrator, and an
    audit or another security administrator."""
    entry = Entry(step, facts)
    if not has_administrators():
        if not ROLES[role].administers:
            raise entry.refuse(
                "administrators_first",
                "role",
                zh="尚未任命首任安全管理员和审计管理员",
                en="the first security and audit administrators are not named yet",
                mend_zh="先授予R15和R16",
                mend_en="grant R15 and R16 first",
            )
        return
    approver = facts.second
    actor = facts.actor
    needs = [(actor, {"R15"}), (approver, {"R15", "R16"})]
    if approver == NOBODY_YET:
        needs.pop()
    if approver is None or actor is None or len({approver, actor, user.pk}) < 3:
        raise entry.refuse(
            "second_person",
            "approver",
            zh="授权须由两人办理，且都不得是被授权人",
            en="a grant takes two persons, neither of them the one it is for",
            mend_zh="请审计管理员或另一安全管理员批准",
            mend_en="let the audit or another security administrator approve",
        )
    for who, needed in needs:
        person = User.objects.filter(pk=who or 0).first()
        if person is None or not roles_of(person, facts.day) & needed:
            raise entry.refuse(
                "not_entitled",
                "approver",
                zh=f"账号{who}当日不是{'、'.join(sorted(needed))}",
                en=f"account {who} is not {' or '.join(sorted(needed))} on that day",
                mend_zh="由有权的管理员办理",
                mend_en="let an entitled administrator do it",
            )


def _exclusive(
    step: Step, facts: Facts, user: User, role: str, start: date, end: date | None
) -> None:
    held = frozenset(grant.role for grant in overlapping(user, start, end))
    if found := conflicts(held | {role}):
        pairs = "、".join("/".join(pair) for pair in found)
        raise AccessError(
            "exclusive",
            where=f"{facts.case or '-'} · {step.act} · role",
            zh=f"同一人不得兼任：{pairs}（三员分立）",
            en=f"one person may not hold both: {pairs}",
            mend_zh="先终止其一，或授予他人",
            mend_en="end one of them first, or grant it to somebody else",
        )
