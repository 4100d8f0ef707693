"""What the text itself makes a document print: remedies, organs and periods of the two national
editions.

Every number stands with its article; a test compares each with the clocks of the packs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Statute:
    """One national edition: its short name, how it names organs, and the articles of the remedies.

    `review`, `recheck` and `final` are articles; `days` is the petitioner's period for review and
    for re-examination, in calendar days from receipt of the written answer. `notice` and
    `objection` are what the receiver of a forwarded matter has to keep (0 where the text has no
    such period), in `duties` the article; `recusal` is the article on recusal.
    """

    id: str
    zh: str
    en: str
    organ_zh: str
    organ_en: str
    all_organs_zh: str
    all_organs_en: str
    days: int
    review: str
    recheck: str
    final: str
    notice: int
    objection: int
    duties: str
    recusal: str


R22 = Statute(
    "R22",
    "信访工作条例",
    "Regulations on Petition Work (2022)",
    "机关、单位",
    "organ or unit",
    "各级党委和政府信访部门以及其他机关、单位",
    "petition departments of Party committees and governments and other organs and units",
    days=30,
    review="35",
    recheck="36(1)",
    final="36(3)",
    notice=15,
    objection=5,
    duties="23(3)",
    recusal="28(3)",
)
R05 = Statute(
    "R05",
    "信访条例",
    "Regulations on Letters and Visits (2005)",
    "行政机关",
    "administrative organ",
    "各级人民政府信访工作机构和其他行政机关",
    "petition bodies of governments and other administrative organs",
    days=30,
    review="34",
    recheck="35(1)",
    final="35(3)",
    notice=15,
    objection=0,
    duties="21(2)",
    recusal="30",
)
R22_SINCE = date(2022, 5, 1)


def statute_for(law: str, day: date) -> Statute:
    """Return the edition a document is issued under: the one its basis names, else the one in
    force on `day`."""
    if law in {"R22", "R05"}:
        return R22 if law == "R22" else R05
    return R22 if day >= R22_SINCE else R05
