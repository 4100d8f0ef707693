"""What officials of the invented district write in their acts: one plain sentence for each
declared text."""

from __future__ import annotations

from collections.abc import Mapping

from dengwen.law.packs.rules import ActRule
from dengwen.law.packs.vocabulary import TEXT_TYPES

SENTENCES: Mapping[str, str] = {
    "procedure": "按信访程序办理",
    "contact": "承办科室，电话 000-00000000",
    "reasons": "经核实，情况与来信所述有出入，理由见附件（示例）",
    "materials": "登记表和随附材料（示例）",
    "verified": "经核实，确属另一机关职责（示例）",
    "what": "按处理意见落实，逐项留存凭证",
    "report": "交办事项已办结，处理意见书已送达",
    "attitude": "信访人表示理解",
    "claim": "请求解决所反映的问题",
    "facts_reasons": "经现场查看和询问，所反映的情况基本属实（示例）",
    "said": "信访人陈述了事实和理由，已记录（示例）",
    "done": "会同社区上门疏导（示例）",
    "opinion": "按查明的事实分项处理（示例）",
    "findings": "查明：原处理意见认定的事实清楚（示例）",
    "request": "请求重新审查原处理意见",
    "reply": "来信收悉，已研究并采纳其中可行部分（示例）",
    "where_to_go": "可向正在办理的机关、单位查询进度",
    "parties_text": "双方（示例甲、示例乙）",
    "terms": "双方按协议履行（示例）",
    "place_host": "区信访局二楼听证室；主持人周样本",
    "minutes": "双方陈述、质证，记录核对无误（示例）",
    "reason": "情况复杂，需要委托检测（示例）",
    "note": "示例说明",
    "remarks": "同意报签",
    "witness": "本人签收",
    "what_is_new": "提供了新的检测报告（示例）",
    "facts_risk": "涉及人数较多，情绪平稳（示例）",
    "proposal": "建议由主管部门当日到场处理",
    "asks": "请求逐项答复",
    "answer": "本项按处理意见办理",
}
BASES = {"R22": "《信访工作条例》第三十二条第一款", "R05": "《信访条例》第三十二条"}
HIGHER = {
    "R22": "《信访工作条例》第三十五条、第三十六条",
    "R05": "《信访条例》第三十四条、第三十五条",
}


def texts_of(rule: ActRule, kind: str, law: str) -> dict[str, str]:
    """Return a sentence for every text that the act declares and practice has words for; `law`
    is R22 or R05."""
    basis = (BASES if kind == "petition" else HIGHER)[law]
    known = {**SENTENCES, "legal_basis": basis}
    return {f.name: known[f.name] for f in rule.fields if f.type in TEXT_TYPES and f.name in known}
