"""What can be wrong with a rule pack, said so that a lawyer can mend it."""

from __future__ import annotations

from typing import Self


class StatedError(Exception):
    """Something is refused: what, where, why and the mend, in Chinese and English; `code` is for
    tests and doors.

    Each package derives its own, so that whoever catches one knows which package spoke; doors print
    them all alike. `under` names the rule behind the refusal; how that is cited, where it is cited
    at all, the packs of the place say (`[[cited]]`), and `citing` puts it in.
    """

    def __init__(
        self,
        code: str,
        *,
        where: str,
        zh: str,
        en: str,
        mend_zh: str,
        mend_en: str,
        under: str = "",
    ) -> None:
        self.code, self.where, self.under = code, where, under
        self.zh, self.en, self.mend_zh, self.mend_en = zh, en, mend_zh, mend_en
        super().__init__(f"{where}：{zh}。改法：{mend_zh}。\n{where}: {en}. Mend: {mend_en}.")

    def citing(self, zh: str, en: str) -> Self:
        """Return the same error with the citation of the rule behind it."""
        return type(self)(
            self.code,
            where=self.where,
            zh=f"{self.zh}（{zh}）",
            en=f"{self.en} ({en})",
            mend_zh=self.mend_zh,
            mend_en=self.mend_en,
        )

    def as_dict(self) -> dict[str, str]:
        """Return the error as plain data for an API answer or `--json`."""
        return {
            "code": self.code,
            "where": self.where,
            "zh": self.zh,
            "en": self.en,
            "mend_zh": self.mend_zh,
            "mend_en": self.mend_en,
        }


class PackError(Exception):
    """A pack says something that cannot be: which file, which entry, why, and the mend, in both
    languages.

    `code` is a stable word for tests and tools (`bad/` packs name the code they must be refused
    with).
    """

    def __init__(
        self, code: str, *, file: str, entry: str, zh: str, en: str, mend_zh: str, mend_en: str
    ) -> None:
        self.code, self.file, self.entry = code, file, entry
        self.zh, self.en, self.mend_zh, self.mend_en = zh, en, mend_zh, mend_en
        super().__init__(
            f"{file} · {entry}: {zh}。改法：{mend_zh}。\n{file} · {entry}: {en}. Mend: {mend_en}."
        )

    def at(self, file: str) -> PackError:
        """Return the same error with the file it was found in, once that is known."""
        said = {"zh": self.zh, "en": self.en, "mend_zh": self.mend_zh, "mend_en": self.mend_en}
        return PackError(self.code, file=file, entry=self.entry, **said)

    def as_dict(self) -> dict[str, str]:
        """Return the error as plain data for `--json`."""
        return {
            "code": self.code,
            "file": self.file,
            "entry": self.entry,
            "zh": self.zh,
            "en": self.en,
            "mend_zh": self.mend_zh,
            "mend_en": self.mend_en,
        }
