"""What a petitioner is shown of the own matter: acts and duties by name.

What a pack adds later stays hidden until it is named here.
"""

from __future__ import annotations

from dengwen.law.duties.act_record import BREACH, LAPSE

ACTS = frozenset(
    {
        "register",
        "split",
        "enter_request",
        "attach_repeat",
        "add_contact",
        "name_agent",
        "end_agent",
        "add_material",
        "import_reply",
        "forward",
        "assign",
        "forward_litigation",
        "guide_visitor",
        "guide_back",
        "receive",
        "receive_onward",
        "pass_on",
        "inform",
        "object",
        "agree_return",
        "agree_return_within",
        "refuse_return",
        "refer_dispute",
        "decide_dispute",
        "take_on",
        "designate",
        "take_over",
        "accept",
        "notify_received",
        "tell_now",
        "change_path",
        "note_their_notice",
        "notify_path",
        "inform_duty",
        "reply_suggestion",
        "accept_simple",
        "decide_simple",
        "leave_simple",
        "refuse",
        "no_longer_accept",
        "new_facts",
        "hear_petitioner",
        "hold_hearing",
        "mediate",
        "settle",
        "extend",
        "sign",
        "serve",
        "promise",
        "prove_execution",
        "request_review",
        "note_review",
        "take_up_anew",
        "close_lapsed",
        "finish",
        "withdraw",
        "lodge",
        "refuse_late",
        "request_recheck",
        "correct",
        BREACH,
        LAPSE,
    }
)
"""Acts a petitioner sees by name, day, organ and article. Drafts, checks, notes and help among
organs are internal."""

DUTIES = frozenset(
    {
        "hear_petitioner",
        "their_notice",
        "own_notice",
        "own_notice_again",
        "sort",
        "sort_again",
        "direct_notice",
        "direct_again",
        "notify_transferred",
        "tell_when_known",
        "suggestion_reply",
        "perform_or_answer",
        "simple_accept",
        "simple_decide",
        "handle",
        "serve_opinion",
        "execute",
        "review_request",
        "review_decide",
        "recheck_request",
        "recheck_decide",
    }
)
"""Duties that are owed to the petitioner, or are the petitioner's own periods."""
