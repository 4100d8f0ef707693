"""The form of a changed draft of a scheme: the whole text, or a weight and a floor for each
indicator; and what was wrong with what was typed, at its field."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dengwen.assessment.frozen import manifest
from dengwen.law.bilingual import Language, words_in
from dengwen.law.errors import PackError
from dengwen.law.indicators.scheme_toml import scheme_text
from dengwen.ui.form_fields import (
    Area,
    Asked,
    AskedField,
    AskedForm,
    PageForm,
    Word,
    form_of,
    read_number,
)

_DECIMAL = re.compile(r"[01](\.\d{1,10})?")
LEAST_WEIGHT, MOST_WEIGHT, MOST_FLOOR = Decimal("0.001"), Decimal(1), 1_000_000
WEIGHT, FLOOR = "weight", "floor"
NAMES = {WEIGHT: gettext_lazy("权重"), FLOOR: gettext_lazy("最低数量")}
INPUTS = {WEIGHT: "decimal", FLOOR: "numeric"}
Raw = dict[str, Any]
"""The tables of a scheme as TOML has them."""


class Weight(Word):
    """A weight: a share of 1; open where its indicator is to be left out."""

    def value_of(self, text: str) -> str:
        """Return the weight as it was typed."""
        if not _DECIMAL.fullmatch(text) or not LEAST_WEIGHT <= Decimal(text) <= MOST_WEIGHT:
            raise ValidationError(_("权重请填 0.001 到 1 的数，例如 0.25；不要这个指标的，留空。"))
        return text


class Floor(Word):
    """A least number: a whole one from 1."""

    def value_of(self, text: str) -> str:
        """Return the number as it was typed."""
        number = read_number(text)
        if number is None or not 1 <= number <= MOST_FLOOR:
            raise ValidationError(floor_words())
        return str(number)


def floor_words() -> str:
    """Return what is said of a text that is no least number."""
    return _("最低数量请填 1 到 1000000 的整数。")


MEASURES: Mapping[str, type[Word]] = {WEIGHT: Weight, FLOOR: Floor}


@dataclass(frozen=True, slots=True)
class SchemeFields:
    """The fields of both forms of the page: of each indicator its weight and floor, and what was
    changed; the whole text, and what was changed. `dropped` are the names of weights left open,
    which the form carries along: their indicators are gone from the page."""

    measures: Mapping[str, tuple[AskedField, AskedField]]
    dropped: tuple[str, ...]
    changes: AskedField
    text: AskedField
    text_changes: AskedField

    def __iter__(self) -> Iterator[AskedField]:
        """Yield all of them in the order of the page."""
        for pair in self.measures.values():
            yield from pair
        yield from (self.changes, self.text, self.text_changes)


def scheme_form(request: HttpRequest, raw: Raw, language: Language) -> AskedForm:
    """Return the form for the tables of a draft, as posted."""
    return form_of(request, _fields_for(raw, language))


def _fields_for(raw: Raw, language: Language) -> dict[str, Asked]:
    """Return the fields of the form for some tables."""
    changes = Area(gettext_lazy("改了什么、为什么改"), conditional=True, rows=2)
    asked: dict[str, Asked] = {
        "text": Area(
            gettext_lazy("方案全文（TOML，写法见文档“考核指标”）"),
            needed=True,
            rows=24,
            attributes={"class": "mono", "spellcheck": "false", "wrap": "off"},
        ),
        "changes": changes,
    }
    for entry in raw.get("indicator", []):
        title = words_in((str(entry["zh"]), str(entry["en"])), language)
        for name, words in NAMES.items():
            asked[f"{name}-{entry['id']}"] = MEASURES[name](
                f"{words} {title}",
                conditional=True,
                attributes={"class": "in num brief", "inputmode": INPUTS[name]},
            )
    return asked


def asks_whole(form: AskedForm) -> bool:
    """Say whether the whole text was posted, and not single weights."""
    return form.is_bound and bool(form.at("text").typed)


# --- what was typed -------------------------------------------------------------------------------
def tables_typed(form: AskedForm, raw: Raw, language: Language) -> tuple[Raw | None, list[str]]:
    """Return the tables as typed, in whole or weight by weight, None where they are no scheme;
    why is noted at its field, or returned where it is about none."""
    if form.errors:
        return None, []
    whole = asks_whole(form)
    if whole:
        try:
            raw = tomllib.loads(form.value("text"))
        except tomllib.TOMLDecodeError as error:
            form.wrong("text", _("方案全文读不出：%(error)s") % {"error": error})
            return None, []
    else:
        raw = _with_weights(raw, form)
        if form.errors:
            return None, []
    try:
        manifest.scheme_of(manifest.scheme_body(raw))
    except PackError as error:
        place = "text" if whole else _place_of(form, error)
        return None, _noted(form, place, _pack_error_words(error, language))
    except (ValueError, TypeError, AttributeError) as error:
        words = _("不是一个方案：%(error)s") % {"error": error}
        return None, _noted(form, "text" if whole else "", words)
    return raw, []


def _noted(form: AskedForm, place: str, words: str) -> list[str]:
    """Note what is wrong at its field; return it where it is about none."""
    if place:
        form.wrong(place, words)
    return [] if place else [words]


def _place_of(form: AskedForm, error: PackError) -> str:
    """Return the weight or floor that an error of a scheme is about, "" for none."""
    for name in form.fields:
        key, _dash, indicator = name.partition("-")
        if error.entry == f"indicator {indicator}" and key in error.en:
            return name
    return ""


def _pack_error_words(error: PackError, language: Language) -> str:
    """Return where a scheme is wrong, why, and the mend."""
    chinese = f"{error.entry}：{error.zh}。{error.mend_zh}。"
    english = f"{error.entry}: {error.en}. {error.mend_en}."
    return words_in((chinese, english), language)


def _typed_or(form: AskedForm, name: str, given: str) -> str:
    """Return what was typed into a field, or what holds where the page did not ask for it."""
    return form.value(name) if form.at(name).typed else given


def _with_weights(raw: Raw, form: AskedForm) -> Raw:
    """Return the tables with the weights and floors typed; an indicator without a weight is left
    out."""
    kept = []
    for entry in raw.get("indicator", []):
        name = entry["id"]
        weight = _typed_or(form, f"{WEIGHT}-{name}", str(entry["weight"]))
        floor = _typed_or(form, f"{FLOOR}-{name}", str(entry["floor"]))
        if not weight:
            continue
        if not floor:
            form.wrong(f"{FLOOR}-{name}", floor_words())
        changed = {**entry, "weight": weight, "floor": floor}
        if floor.isdecimal():
            changed["floor"] = int(floor)
        kept.append(changed)
    return {**raw, "indicator": kept}


# --- on the page ----------------------------------------------------------------------------------
def _begun(raw: Raw) -> dict[str, str]:
    """Return what stands in the fields at first: the tables as they are written."""
    begun = {"text": scheme_text(raw)}
    for entry in raw.get("indicator", []):
        begun |= {f"{name}-{entry['id']}": str(entry[name]) for name in NAMES}
    return begun


def _dropped(weights: AskedForm, ids: Sequence[str]) -> tuple[str, ...]:
    """Return the fields of indicators that the tables no longer have."""
    left = {f"{WEIGHT}-{one}" for one in ids}
    return tuple(name for name in weights.fields if name.startswith(WEIGHT) and name not in left)


def scheme_fields(form: AskedForm, raw: Raw, language: Language) -> SchemeFields:
    """Return the fields for the tables shown; what was posted stays in the form it was typed
    into."""
    asked, begun = _fields_for(raw, language), _begun(raw)
    holds, whole = PageForm(asked, initial=begun), asks_whole(form)
    weights = holds if whole or not form.is_bound else form
    text = form if whole else PageForm(asked, initial=begun)
    weights.spot = holds.spot = "w-"
    text.spot = "t-"

    def measure(name: str) -> AskedField:
        return weights.at(name) if weights.at(name).typed else holds.at(name)

    ids = [str(entry["id"]) for entry in raw.get("indicator", [])]
    return SchemeFields(
        measures={one: (measure(f"{WEIGHT}-{one}"), measure(f"{FLOOR}-{one}")) for one in ids},
        dropped=_dropped(weights, ids),
        changes=weights.at("changes"),
        text=text.at("text"),
        text_changes=text.at("changes"),
    )
