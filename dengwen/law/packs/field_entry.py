"""A declared field of an act, from its pack entry: its type and words, its bounds, and where a form
of registration asks it."""

from __future__ import annotations

from dengwen.law.packs import vocabulary
from dengwen.law.packs.entry import Entry
from dengwen.law.packs.rules import FieldRule

FIELD_KEYS = (
    "name",
    "type",
    "class",
    "required",
    "zh",
    "en",
    "options",
    "fact",
    "second",
    "from_today",
    "until_today",
    "not_before",
    "least",
    "at_most",
    "stands",
    "needed_if",
    "section",
    "asked_at",
    "printed",
)
OPTION_KEYS = ("id", "zh", "en")


def build_field(entry: Entry) -> FieldRule:
    """Read one declared field of an act."""
    entry.known(FIELD_KEYS)
    names = options_of(entry)
    kind = entry.choice("type", vocabulary.FIELD_TYPES)
    if kind in ("code", "codes") and not names:
        raise entry.refuse(
            "missing",
            "代码字段没有选项",
            "a code field has no options",
            '写上 options = [{id = "…", zh = "…", en = "…"}]',
            'write options = [{id = "…", zh = "…", en = "…"}]',
        )
    return FieldRule(
        name=entry.text("name"),
        type=kind,
        data_class=entry.choice("class", vocabulary.DATA_CLASSES),
        zh=entry.text("zh"),
        en=entry.text("en"),
        required=entry.flag("required"),
        options=tuple(names),
        option_names=names,
        fact=entry.flag("fact"),
        second=entry.flag("second"),
        from_today=entry.flag("from_today"),
        until_today=entry.flag("until_today"),
        not_before=entry.text("not_before", ""),
        least=entry.number("least") if "least" in entry.raw else None,
        at_most=entry.text("at_most", ""),
        stands=_stands(entry),
        needed_if=entry.conditions("needed_if"),
        section=entry.choice("section", vocabulary.FORM_SECTIONS, ""),
        asked_at=_asked_at(entry, kind),
        printed=_is_printed(entry, kind),
    )


def _asked_at(entry: Entry, kind: str) -> tuple[str, ...]:
    """Return the doors that ask a field of a registration: those named, else all that can."""
    open_to = entry.raw.get("class") in vocabulary.ASKED_OF_ALL
    able = [
        door
        for door, types in vocabulary.DOORS.items()
        if kind in types and (open_to or door == "desk")
    ]
    if "asked_at" not in entry.raw:
        return tuple(able) if "section" in entry.raw else ()
    _in_a_section(entry, "asked_at")
    wanted = entry.words("asked_at")
    for door in wanted:
        if door not in able:
            raise entry.refuse(
                "unknown-word",
                f"asked_at 里的“{door}”不能填写这一项（类型、数据类别）",
                f"“{door}” in asked_at cannot ask this field (its type, its class)",
                "改用：" + "、".join(able),
                "use one of: " + ", ".join(able),
            )
    return wanted


def _is_printed(entry: Entry, kind: str) -> bool:
    """Say whether a field of a registration stands on its record: unless it says no, where the
    record may hold it."""
    able = entry.raw.get("class") in vocabulary.ASKED_OF_ALL and kind not in ("digest", "digests")
    if "printed" not in entry.raw:
        return able and "section" in entry.raw
    _in_a_section(entry, "printed")
    printed = entry.flag("printed")
    if printed and not able:
        raise entry.refuse(
            "unknown-word",
            "登记表上不能有这一类数据",
            "data of this class has no place on the registration record",
            "写 printed = false 或删去",
            "write printed = false or leave it out",
        )
    return printed


def _in_a_section(entry: Entry, key: str) -> None:
    """Refuse a key that says something of the form of registration where the field has no place
    in it."""
    if "section" in entry.raw:
        return
    words = ", ".join(vocabulary.FORM_SECTIONS)
    raise entry.refuse(
        "missing",
        f"写了 {key} 而没有写 section",
        f"{key} without a section",
        f'写上 section = "…"：{words}',
        f'write section = "…": {words}',
    )


def _stands(entry: Entry) -> tuple[str, ...]:
    wanted = entry.words("stands")
    for word in wanted:
        if word not in vocabulary.STANDS:
            raise entry.refuse(
                "unknown-word",
                f"stands 里不认识“{word}”",
                f"stands does not know “{word}”",
                "改用：" + "、".join(vocabulary.STANDS),
                "use one of: " + ", ".join(vocabulary.STANDS),
            )
    return wanted


def options_of(entry: Entry) -> dict[str, tuple[str, str]]:
    """Return the codes of a field or fact, each with its words in both languages."""
    names: dict[str, tuple[str, str]] = {}
    for option in entry.tables("options", "option"):
        option.known(OPTION_KEYS)
        names[option.text("id")] = (option.text("zh"), option.text("en"))
    return names
