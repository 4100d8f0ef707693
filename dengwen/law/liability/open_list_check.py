"""What another measure of an open list (等) may not be: a removal, or what a rule already knows.

Under another name the bar on leading posts, the appeal, the file on the person and the procedure
of removal would all be passed by, and honours would be lost without an admonition.
"""

from __future__ import annotations

from collections.abc import Iterator

from dengwen.law.duties.act_record import Refusal
from dengwen.law.liability.measure_names import listed_as, names_honours
from dengwen.law.liability.stated_rules import Liability, OpenListRule

PERSON = "person"
OUT_OF_POST = ("ordered_resignation", "removal")
"""The measures by which a post is lost, each with its own bar and its own appeal."""


def post_refusals(
    rules: Liability, stated: OpenListRule, removes: bool | None
) -> Iterator[Refusal]:
    """Another measure says that nobody loses a post by it: a post is lost by the measures the text
    names for that, and by a person."""
    if removes is None:
        yield Refusal(
            "removes-unsaid",
            "采取同类的其他措施，须写明是否使人失去职务：失去职务的，依责令辞职、免职的规定办理",
            "another measure says whether anybody loses a post by it: a post is lost by ordered "
            "resignation or removal",
            stated.basis,
            "写明是否失去职务",
            "say whether a post is lost",
        )
    if removes:
        yield _takes_a_post(rules, stated)


def _takes_a_post(rules: Liability, stated: OpenListRule) -> Refusal:
    """Refuse a removal under another name, by what the text calls it."""
    known = [rules.measures[name] for name in OUT_OF_POST if name in rules.measures]
    zh, en = "或者".join(one.zh for one in known), " or ".join(one.en for one in known)
    basis = next((one.basis for one in known), stated.basis)
    on_person = (
        ("", "") if stated.on == PERSON else ("对本人另立一件，", "open a file on the person: ")
    )
    return Refusal(
        "removes-otherwise",
        f"使人失去职务的，条文列为{zh}，有各自的影响期和申诉途径，不作为“等”字所指的其他措施",
        f"what takes a post away is {en} by the text, with a bar and an appeal of its own: it is "
        "no other measure of an open list",
        basis,
        f"{on_person[0]}依{zh}办理",
        f"{on_person[1]}decide {en}",
    )


def name_refusals(rules: Liability, stated: OpenListRule, words: str) -> Iterator[Refusal]:
    """Another measure is none that a rule knows under its own name: that one has its own list, its
    rung and its body, and a longer name around it changes nothing."""
    rule = listed_as(rules, words)
    if rule is not None:
        yield Refusal(
            "listed-measure",
            f"“{words}”就是“{rule.zh}”，有自己的规定，不是“等”字所指的其他措施",
            f"“{words}” is “{rule.en}”, which has a rule of its own: it is no other "
            "measure of the open list",
            stated.basis,
            f"“{rule.zh}”依它自己的规定办理；确是另一种措施的，用自己的名称",
            f"decide “{rule.en}” by its own rule; what is truly another measure bears its own name",
        )
    elif names_honours(rules, words):
        cited = rules.cited.get("honours")
        yield Refusal(
            "listed-honours",
            f"“{words}”是荣誉称号资格：条文规定在诫勉的同时取消，不是“等”字所指的其他措施",
            f"“{words}” is about honours: by the text they are cancelled together with an "
            "admonition, and are no other measure of the open list",
            cited.basis if cited else stated.basis,
            "由诫勉的决定同时取消",
            "cancel them with the decision on an admonition",
        )
