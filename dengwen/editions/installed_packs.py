"""Keeping rulebooks exactly as installed, so that an act can point at the very text it was
judged by."""

from __future__ import annotations

import hashlib
from datetime import datetime

from dengwen.editions.errors import EditionError
from dengwen.editions.models import InstalledRulebook


def install(title: str, source: str, now: datetime) -> InstalledRulebook:
    """Keep a rulebook's canonical text; the same text is kept once, whatever it is called.
    Returns its row."""
    if not source.strip():
        raise EditionError(
            "empty",
            where=title or "rulebook",
            zh="规则文本为空",
            en="the text of the rules is empty",
            mend_zh="检查规则包文件夹",
            mend_en="check the folder of the pack",
        )
    digest = hashlib.sha256(source.encode()).hexdigest()
    book, _ = InstalledRulebook.objects.get_or_create(
        digest=digest, defaults={"title": title, "source": source, "installed_at": now}
    )
    return book


def source_of(digest: str) -> str:
    """Return the text of an installed rulebook, after checking it against its digest.

    EditionError where it is unknown or where the stored text no longer has this digest.
    """
    book = InstalledRulebook.objects.filter(digest=digest).first()
    if book is None:
        raise EditionError(
            "unknown",
            where=digest[:12],
            zh="没有安装过这一规则文本",
            en="no rulebook with this digest was installed",
            mend_zh="核对摘要，或重新安装规则包",
            mend_en="check the digest, or install the pack again",
        )
    if hashlib.sha256(book.source.encode()).hexdigest() != digest:
        raise EditionError(
            "changed",
            where=digest[:12],
            zh="存储的规则文本与摘要不符，已被改动",
            en="the stored text does not have its digest any more: it was changed",
            mend_zh="从备份或规则包恢复，并核查何人改动",
            mend_en="restore it from a backup or the pack, and find out who",
        )
    return book.source
