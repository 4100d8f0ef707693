"""Why access is refused: what, where, why and the mend, without saying anything about what is hidden."""

from __future__ import annotations


class AccessError(Exception):
    """Something is refused or cannot be opened; `code` is a stable word for tests and doors."""

    def __init__(self, code: str, *, where: str, zh: str, en: str, mend_zh: str, mend_en: str) -> None:
        self.code, self.where = code, where
        self.zh, self.en, self.mend_zh, self.mend_en = zh, en, mend_zh, mend_en
        super().__init__(f"{where}：{zh}。改法：{mend_zh}。\n{where}: {en}. Mend: {mend_en}.")

    def as_dict(self) -> dict[str, str]:
        """Return the error as plain data for an API answer or `--json`."""
        return {
            "code": self.code, "where": self.where, "zh": self.zh, "en": self.en,
            "mend_zh": self.mend_zh, "mend_en": self.mend_en,
        }


class SealError(AccessError):
    """A sealed value cannot be opened: wrong place, damaged, erased, or the key is not here."""


class UnloggedReadError(AccessError):
    """Somebody tried to open protected data where the read log cannot hold: no row, no data."""
