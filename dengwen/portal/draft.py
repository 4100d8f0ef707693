"""What a petitioner has written so far, carried in the form itself: no word is kept on the server
before it is sent.

So there is no session that holds an identity, no file of drafts to be read, and nothing to be found
on a shared
computer once its window is closed. Photos and papers lie here sealed, their keys in the form
(`papers`). Every step is
checked again when the matter is sent.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from dengwen.cases.files.held_files import Held
from dengwen.law.duties.blank_text import is_blank
from dengwen.law.duties.field_values import MAX_TEXT
from dengwen.law.duties.step import FieldValue
from dengwen.law.packs.rules import FieldRule
from dengwen.petitions.intake.intake import HandedIn
from dengwen.petitions.intake.online_submission import CHANNEL, is_token, new_token
from dengwen.portal import further_fields, papers
from dengwen.portal.channel_hints import hints_for

KINDS = ("claim", "accusation", "suggestion")
IDENTITIES = ("open", "hidden", "anonymous")
STEPS = ("story", "requests", "path", "who", "papers", "check")
MOST_REQUESTS = 20
LIMITS = {
    "story": MAX_TEXT - 1_000,
    "place": 200,
    "accused": 500,
    "name": 100,
    "address": 300,
    "phone": 40,
    "request": 1_000,
}
"""Characters of each field, so that the whole still fits into one text of an act."""


def clean(text: str) -> str:
    """Return a text as it can be stored anywhere: line ends alike, no control characters, no broken
    code points.

    A text of nothing that can be seen is none.
    """
    if is_blank(text):
        return ""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    if (
        lines.replace("\n", "").replace("\u3000", "").isprintable()
    ):  # nearly every text; no need to look at each letter
        return lines.strip()
    kept = (
        ch for ch in lines if ch in "\n\t" or unicodedata.category(ch) not in ("Cc", "Cs", "Cn")
    )
    return "".join(kept).strip()


@dataclass
class Draft:
    """The fields of the form. Texts as written, cleaned of what cannot be stored."""

    token: str = ""
    kind: str = ""
    story: str = ""
    happened: str = ""
    place: str = ""
    accused: str = ""
    requests: tuple[str, ...] = ()
    identity: str = ""
    name: str = ""
    address: str = ""
    phone: str = ""
    papers: tuple[Held, ...] = ()
    asked: tuple[FieldRule, ...] = ()
    """What the pack asks beside the questions of the steps, and what was typed there."""
    further: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @staticmethod
    def read(form: QueryDict, asked: tuple[FieldRule, ...] = ()) -> Draft:
        """Read the words of a form; what is missing or unknown becomes empty, a missing token a
        new one."""
        texts: dict[str, Any] = {name: clean(form.get(name, "")) for name in ONE_EACH}
        token = form.get("token", "")
        typed = further_fields.read_typed(form, asked)
        further = {name: [clean(text) for text in values] for name, values in typed.items()}
        draft = Draft(**texts, requests=_listed(form), asked=asked, further=further)
        draft.token = token if is_token(token) else new_token()
        draft.kind = draft.kind if draft.kind in KINDS else ""
        draft.identity = draft.identity if draft.identity in IDENTITIES else ""
        return draft

    def steps(self) -> tuple[str, ...]:
        """Return the steps of this draft in order: only what this kind of matter and this text
        ask for."""
        left_out = set()
        if self.kind != "claim":
            left_out = {"requests", "path"}
        elif not hints_for(self.whole()):
            left_out = {"path"}
        return tuple(step for step in STEPS if step not in left_out)

    def whole(self) -> str:
        """Return everything written about the matter, for hints."""
        return "\n".join((self.story, *self.requests))

    def carried(self, step: str) -> list[tuple[str, str]]:
        """Return the fields that the page of a step does not ask for, to be carried along
        unseen."""
        shown = SHOWN_IN.get(step, frozenset())
        pairs = [(name, getattr(self, name)) for name in ONE_EACH if name not in shown]
        if "request" not in shown:
            pairs += [(f"request-{n}", text) for n, text in enumerate(self.requests, 1)]
        elsewhere = [one for one in self.asked if further_fields.step_of(one) != step]
        pairs += further_fields.carried(elsewhere, self.further)
        tickets = papers.carried(self.papers) if step != "papers" else []
        return [("token", self.token), *((name, text) for name, text in pairs if text), *tickets]

    def content(self) -> str:
        """Return the text of the matter as it is registered: when, where, about whom, then the
        story."""
        heads = [("发生时间", self.happened), ("发生地点", self.place)]
        if self.kind == "accusation":
            heads.append(("反映的人员或者单位", self.accused))
        lines = [f"{head}：{text}" for head, text in heads if text]
        return "\n".join([*lines, self.story])

    def asked_in(self, step: str) -> list[FieldRule]:
        """Return what the pack asks in a step beside its own questions."""
        return [one for one in self.asked if further_fields.step_of(one) == step]

    @property
    def anonymous(self) -> bool:
        """Whether whoever writes leaves no name."""
        return self.identity == "anonymous"

    def handed(self) -> HandedIn:
        """Return what is handed to registration."""
        anonymous = self.anonymous
        said: dict[str, FieldValue] = {
            **further_fields.values_of(self.asked, self.further, anonymous=anonymous),
            "channel": CHANNEL,
            "content": self.content(),
            "subject": _title(self.story),
        }
        if not anonymous:
            said |= {
                "petitioner": self.name,
                "address": self.address,
                "phone": self.phone,
                "identity": self.identity,
            }
        return HandedIn(
            said,
            requests=[text for text in self.requests if text] if self.kind == "claim" else [],
            proposed_class=self.kind,
            papers=self.papers,
        )


ONE_EACH = ("kind", "story", "happened", "place", "accused", "identity", "name", "address", "phone")
SHOWN_IN = {
    "story": frozenset({"story", "happened", "place", "accused"}),
    "requests": frozenset({"request"}),
    "who": frozenset({"identity", "name", "address", "phone"}),
}


def _listed(form: QueryDict) -> tuple[str, ...]:
    """Return the requests as numbered in the form, gaps closed; an empty line stays while it is
    being written."""
    names = (f"request-{n}" for n in range(1, MOST_REQUESTS + 1))
    return tuple(clean(form.get(name, "")) for name in names if name in form)


def _title(story: str, limit: int = 40) -> str:
    """Return the first line with words as the title, cut where it is long."""
    return next((line.strip()[:limit] for line in story.splitlines() if line.strip()), "")
