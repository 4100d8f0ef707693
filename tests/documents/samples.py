"""Document rules of the packs on disk, and invented contents for them."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

from dengwen.documents.issuance import Issued, issue
from dengwen.law.packs.builder import build_document
from dengwen.law.packs.rules import DocumentRule

PACKS = Path(__file__).resolve().parents[2] / "packs" / "national"
DAY = date(2026, 11, 24)
CASE = "YL01-2026-483907215-0"


def _rules() -> dict[str, DocumentRule]:
    found = {}
    for file in sorted(PACKS.glob("*/*.toml")):
        for raw in tomllib.loads(file.read_text(encoding="utf-8")).get("document", []):
            found[f"{file.parent.name}/{file.stem}/{raw['id']}"] = build_document(raw)
    return found


RULES: dict[str, DocumentRule] = _rules()

VALUES: dict[str, str] = {
    "adopted": "部分采纳",
    "channel": "走访",
    "claim": "请求退还多收取的物业维修资金 3,260 元，并公开近三年的使用明细。",
    "contact": "云岭市住房和城乡建设局物业科，李样本，电话 000-00000000",
    "content": "2025 年 3 月起，小区物业按每平方米 2.1 元收取费用，与公示的 1.8 元不符。\n多次与物业协商，没有结果，请求依法处理。",
    "days": "30",
    "deadline": "2027-01-29",
    "execute_by": "2026-12-31",
    "facts": "经调取收费台账和银行流水，2025 年 3 月至 2026 年 6 月，该小区按每平方米 2.1 元收取物业服务费，公示标准为 1.8 元。",
    "facts_reasons": "经调取收费台账和银行流水，2025 年 3 月至 2026 年 6 月，该小区按每平方米 2.1 元收取物业服务费，"
    "公示标准为 1.8 元，差额未经业主大会同意。\n物业公司称差额用于电梯大修，但未能提供相应凭证。",
    "facts_risk": "连日强降雨，城北边坡出现裂缝，附近 42 户居民担心安全，已有 20 余人到场反映。",
    "findings": "原办理机关认定的收费事实清楚，但未查明差额的去向。",
    "first": "2026-11-10",
    "last": "2026-11-12",
    "ground": "同一事项已经受理或者正在办理，规定期限内又向上级提出（第十九条第三款）",
    "handle_due": "2027-02-22",
    "accept_on": "2026-11-24",
    "register_on": "2026-11-23",
    "legal_basis": "《物业管理条例》有关物业服务收费的规定。",
    "materials": "1. 信访材料 3 页\n2. 收费票据复印件 12 张",
    "measures": "已疏散人员，设置警戒，派员监测。",
    "minutes": "双方陈述、质询、辩论，形成笔录 8 页；多数意见认为应当退还差额。",
    "opinion": "信访请求事实清楚，符合有关规定，予以支持。责成物业公司于 2026 年 12 月 31 日前退还差额，并公示使用明细。",
    "organ": "云岭市城北区住房和城乡建设局",
    "outcome": "order_anew",
    "parties_text": "甲方：王示例\n乙方：云岭示例物业公司",
    "place_host": "云岭市群众接待中心二楼，主持人李样本",
    "procedure": "依照《信访工作条例》第三十一条第六项，听取您的陈述，调查核实后出具信访处理意见书。",
    "proposal": "建议按申诉求决类、第三十一条第六项办理。",
    "proposed": "云岭市水利局",
    "reason": "需要委托鉴定，鉴定意见预计十二月中旬作出。",
    "reasons": "该事项已于 2026 年 11 月 3 日由云岭市城北区住房和城乡建设局受理，办理期限尚未届满。",
    "recheck_date": "2025-06-30",
    "recheck_no": "云示核〔2025〕3号",
    "received_on": "2026-11-23",
    "reply": "关于增设盲道提示的建议已纳入明年计划；其余建议正在论证。",
    "report": "收费差额已核清，处理意见书已送达，退款正在执行。",
    "request": "撤销原处理意见，责令退还差额。",
    "terms": "乙方于 2026 年 12 月 31 日前向甲方退还 3,260 元。\n甲方不再就同一事项提出请求。",
    "to": "云岭市住房和城乡建设局",
    "way": "直接送达",
    "what": "退还物业服务费差额 3,260 元",
    "witness": "王示例",
    "petitioner": "王示例",
    "class": "claim",
    "path": "31(6)",
    "subject": "物业收费与公示标准不符",
    "unit": "云岭示例物业公司",
    "served": "信访处理意见书 云住房意〔2026〕7号",
    "where_to_go": "请向云岭市城北区住房和城乡建设局查询办理情况，电话 000-00000001。",
    "defect_ground": "拖延",
    "defect": "三月三日受理，六十日期满未出具处理意见书，也未办理延期。",
    "demand": "说明原因，七日内办结。",
    "reply_by": "2026-12-04",
    "problem": "受理之后无人盯办，连续三件逾期。",
    "root_cause": "没有指定承办人。",
    "government": "云岭市人民政府",
    "policy_problem": "两份文件对同一补贴写了两个标准。",
    "policy_evidence": "本季度来信十二件。",
    "verified_facts": "四次交办均未办理，处理意见书未执行。",
    "responsible": "云岭住房建设中心；李样本。",
    "consequence": "损失扩大。",
    "clause": "《信访工作条例》第四十条第三款",
    "held_on": "2026-11-20",
    "talk_record": "说明情况，作出书面承诺。",
    "scope": "全市",
    "rectify_by": "2026-12-31",
    "year": "2025",
    "position": "18231",
    "part_data": "来信 120 件，来访 40 批。",
    "part_handling": "转送 90 件，交办 12 件，督办 6 件。",
    "part_suggestions": "提出改进工作的建议 3 件，采纳 2 件。",
    "happened": "2026 年 11 月 24 日 9 时",
    "scene": "区人民来访接待场所",
    "crowd": "约四十人，推选代表五人",
    "cause": "三号楼屋面渗水多年未修",
    "trend": "情绪平稳，已引导至接待场所",
    "proof": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "extend_on": "2026-11-24",
}
"""Contents for every rule; persons, places and events are invented."""


def values_for(rule: DocumentRule, without: str = "") -> dict[str, str]:
    """Return contents for a rule; `without` leaves one out."""
    wanted = (
        {**VALUES}
        if rule.to == "信访人" or rule.layout != "common"
        else {n: VALUES[n] for n in rule.needs}
    )
    return {name: value for name, value in wanted.items() if name != without}


def issued(
    rule: DocumentRule,
    values: dict[str, str] | None = None,
    *,
    practice: bool = False,
    protected: bool = False,
    language: str = "zh",
    code: str = "YL01",
    name: str = "云岭市信访局",
    day: date = DAY,
) -> Issued:
    """Issue a document of an invented office."""
    return issue(
        rule=rule,
        basis_text=f"《信访工作条例》（{rule.basis.article}）"
        if language == "zh"
        else f"R22 {rule.basis.article}",
        organ_code=code,
        organ_name=name,
        day=day,
        protected=protected,
        practice=practice,
        values=VALUES if values is None else values,
        case_number=CASE,
        language=language,
    )
