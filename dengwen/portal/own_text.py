"""The texts of petitioners on the forms of the portal: kept as they can be stored anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from dengwen.law.duties.field_values import MAX_TEXT
from dengwen.portal.draft import clean
from dengwen.ui.components import FieldType
from dengwen.ui.form_fields import Asked

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


class OwnText(Asked):
    """Asks for a text; what cannot be stored is left out, and the page repeats what is kept."""

    def __init__(
        self,
        label: str | StrPromise = "",
        *,
        type: FieldType = "text",  # noqa: A002  # the word of the packs
        needed: bool = False,
        missing: str | StrPromise = "",
        hint: str | StrPromise = "",
        most: int = MAX_TEXT,
    ) -> None:
        super().__init__(label, type=type, needed=needed, missing=missing, hint=hint)
        self.most = most

    def mend(self, text: str) -> str:
        """Return the text without what cannot be stored."""
        return clean(text)

    def shown(self, text: str) -> str:
        """Return the text as it is kept."""
        return clean(text)

    def value_of(self, text: str) -> str:
        """Return the text, which must not be too long."""
        if len(text) > self.most:
            raise ValidationError(_("最多 %(most)s 个字，请缩短。") % {"most": self.most})
        return text
