"""By what a list of files of accountability is sorted: whom a file concerns, until when a goal has
to be met.

Both are what `queries.read_file` tells of the acts of a file, asked of the database for all files
at once.
"""

from __future__ import annotations

from django.db.models import BigIntegerField, Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models import Case as Where
from django.db.models.expressions import When
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce, NullIf

from dengwen.accountability.measures.queries import DEADLINES, OPENING, VERDICTS
from dengwen.cases.models import Act, Case
from dengwen.law.bilingual import Language
from dengwen.organs.models import Official, Organ


def with_order(cases: QuerySet[Case], language: Language) -> QuerySet[Case]:
    """Return the files with `concerns`, the name of whom each concerns in a language, and
    `rectify_by`, the day until which a goal has to be met, None where there is none."""
    named = cases.alias(
        subject_official=_opened_on("subject_official"), subject_organ=_opened_on("subject_organ")
    )
    official = Official.objects.filter(pk=OuterRef("subject_official")).values("name")
    organ = Organ.objects.filter(pk=OuterRef("subject_organ")).values_list(_name(language))
    concerns = Coalesce(Subquery(official[:1]), Subquery(organ[:1]), Value(""))
    return named.annotate(concerns=concerns, rectify_by=_rectify_by())


def _opened_on(column: str) -> Cast:
    """Return the row id that the opening of a file names."""
    opening = Act.objects.filter(case=OuterRef("pk"), act__in=OPENING).order_by("-seq")
    value = opening.annotate(value=KT(f"data__{column}")).values("value")
    return Cast(Subquery(value[:1]), BigIntegerField())


def _name(language: Language) -> Coalesce:
    """Return the name of an organ in a language, in Chinese where it has no other."""
    if language == "zh":
        return Coalesce("name_zh", Value(""))
    return Coalesce(NullIf("name_en", Value("")), "name_zh")


def _rectify_by() -> Where:
    """Return the last day that was set, unless somebody said since how it ended."""
    acts = Act.objects.filter(case=OuterRef("pk")).order_by("-seq")
    decided = Act.objects.filter(case=OuterRef("case"), act="decide").order_by("-seq").values("seq")
    ended = acts.filter(act__in=VERDICTS, seq__gt=Coalesce(Subquery(decided[:1]), Value(-1)))
    days = acts.filter(act__in=DEADLINES).annotate(value=KT("data__deadline")).values("value")
    return Where(When(Exists(ended), then=Value(None)), default=Subquery(days[:1]))
