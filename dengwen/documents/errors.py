"""What can be wrong with a document, said so that the person at the desk can mend it."""

from __future__ import annotations


class DocumentError(Exception):
    """A document cannot be issued: what, where, why and the mend, in Chinese and English.

    `code` is a stable word for tests and doors; `content` names the missing content, "" where none
    is.
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
        content: str = "",
    ) -> None:
        self.code, self.where, self.content = code, where, content
        self.zh, self.en, self.mend_zh, self.mend_en = zh, en, mend_zh, mend_en
        super().__init__(f"{where}：{zh}。改法：{mend_zh}。\n{where}: {en}. Mend: {mend_en}.")

    def as_dict(self) -> dict[str, str]:
        """Return the error as plain data for an API answer or `--json`."""
        return {
            "code": self.code,
            "where": self.where,
            "content": self.content,
            "zh": self.zh,
            "en": self.en,
            "mend_zh": self.mend_zh,
            "mend_en": self.mend_en,
        }
