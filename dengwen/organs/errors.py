"""What can be wrong with an entry in the registry, said so that the person at the desk can mend it."""

from __future__ import annotations


class RegistryError(Exception):
    """The registry refuses an entry: what, where, why and the mend, in Chinese and English.

    `code` is a stable word for tests and doors; `zh`/`en` say what and why, `mend_zh`/`mend_en` what to do.
    """

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
