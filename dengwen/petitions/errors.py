"""What can be wrong with an intake or a request, said in both languages."""

from __future__ import annotations


class PetitionError(ValueError):
    """Something about a petition that cannot be: where, why, and the mend."""

    def __init__(self, code: str, *, where: str, zh: str, en: str, mend_zh: str, mend_en: str) -> None:
        self.code, self.where = code, where
        self.zh, self.en, self.mend_zh, self.mend_en = zh, en, mend_zh, mend_en
        super().__init__(f"{where}: {zh}。{mend_zh}。/ {en}. {mend_en}.")
