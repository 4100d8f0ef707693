"""The one place with dotted names: what the acts of rule packs may set in motion.

A pack names an effect by its key; a pack that names an unknown one is refused at loading. Plain
data, so that `dengwen law` can check packs without a database.
"""

from __future__ import annotations

EFFECTS: dict[str, str] = {
    "organs.found_organ": "dengwen.organs.effects.found_organ",
    "organs.rename": "dengwen.organs.effects.rename",
    "organs.place": "dengwen.organs.effects.place",
    "organs.merge": "dengwen.organs.effects.merge",
    "organs.split": "dengwen.organs.effects.split",
    "organs.abolish": "dengwen.organs.effects.abolish",
    "organs.designate": "dengwen.organs.effects.designate",
    "organs.set_superior": "dengwen.organs.effects.set_superior",
    "organs.set_management": "dengwen.organs.effects.set_management",
    "organs.set_competence": "dengwen.organs.effects.set_competence",
    "organs.found_post": "dengwen.organs.post_effects.found_post",
    "organs.enter_official": "dengwen.organs.post_effects.enter_official",
    "organs.appoint": "dengwen.organs.post_effects.appoint",
    "organs.relieve": "dengwen.organs.post_effects.relieve",
    "organs.divide_work": "dengwen.organs.post_effects.divide_work",
    "organs.substitute": "dengwen.organs.post_effects.substitute",
    "organs.end_substitute": "dengwen.organs.post_effects.end_substitute",
    "organs.import_divisions": "dengwen.organs.lists.division_list.import_divisions",
    "organs.publish_list": "dengwen.organs.lists.handling_list.publish_list",
    "access.own_list": "dengwen.access.effects.own_list",
    "access.open_account": "dengwen.access.effects.open_account",
    "access.link_official": "dengwen.access.effects.link_official",
    "access.grant_role": "dengwen.access.effects.grant_role",
    "access.end_role": "dengwen.access.effects.end_role",
    "access.close_account": "dengwen.access.effects.close_account",
    "editions.publish_calendar": "dengwen.editions.effects.publish_calendar",
    "editions.set_local_target": "dengwen.editions.effects.set_local_target",
    "editions.add_interpretation": "dengwen.editions.effects.add_interpretation",
    "cases.recusal_decided": "dengwen.cases.effects.recusal_decided",
    "cases.handler_named": "dengwen.cases.effects.handler_named",
    "petitions.registered": "dengwen.petitions.effects.registered",
    "petitions.contact_added": "dengwen.petitions.effects.contact_added",
    "petitions.agent_named": "dengwen.petitions.intake.agents.agent_named",
    "petitions.agent_ended": "dengwen.petitions.intake.agents.agent_ended",
    "petitions.classified": "dengwen.petitions.effects.classified",
    "petitions.corrected": "dengwen.petitions.effects.corrected",
    "petitions.accused_named": "dengwen.petitions.effects.accused_named",
    "petitions.accusation_is_classed": "dengwen.petitions.intake.accused.classed_before",
    "petitions.not_to_the_accused": "dengwen.petitions.intake.accused.not_to_them",
    "petitions.same_petitioner": "dengwen.petitions.linked_case_effects.same_petitioner",
    "petitions.superior_is_no_party": "dengwen.petitions.effects.superior_is_no_party",
    "petitions.request_entered": "dengwen.petitions.request_effects.request_entered",
    "petitions.request_classed": "dengwen.petitions.request_effects.request_classed",
    "petitions.requests_answered": "dengwen.petitions.request_effects.requests_answered",
    "petitions.request_decided": "dengwen.petitions.request_effects.request_decided",
    "petitions.request_promised": "dengwen.petitions.request_effects.request_promised",
    "petitions.request_proved": "dengwen.petitions.request_effects.request_proved",
    "petitions.split": "dengwen.petitions.linked_case_effects.split",
    "petitions.open_review": "dengwen.petitions.linked_case_effects.open_review",
    "petitions.open_recheck": "dengwen.petitions.linked_case_effects.open_recheck",
    "petitions.as_drafted": "dengwen.petitions.request_effects.as_drafted",
    "petitions.after_review": "dengwen.petitions.linked_case_effects.after_review",
    "petitions.members_entered": "dengwen.petitions.intake.groups.members_entered",
    "petitions.representatives_elected": "dengwen.petitions.intake.groups.representatives_elected",
    "petitions.member_codes_given": "dengwen.petitions.intake.groups.member_codes_given",
    "petitions.reply_given": "dengwen.petitions.ratings.reply_given",
    "petitions.evaluation_opened": "dengwen.petitions.ratings.evaluation_opened",
    "petitions.invited": "dengwen.petitions.ratings.invited",
    "petitions.rating_code_given": "dengwen.petitions.ratings.rating_code_given",
    "petitions.rated": "dengwen.petitions.ratings.rated",
    "petitions.new_matter": "dengwen.petitions.linked_case_effects.new_matter",
    "petitions.taken_up_anew": "dengwen.petitions.linked_case_effects.taken_up_anew",
    "prevention.item_recorded": "dengwen.prevention.effects.item_recorded",
    "prevention.dispute_found": "dengwen.prevention.effects.dispute_found",
    "prevention.dispute_reported": "dengwen.prevention.effects.dispute_reported",
    "prevention.problem_put": "dengwen.prevention.effects.problem_put",
    "prevention.responsible_named": "dengwen.prevention.effects.responsible_named",
    "prevention.raised": "dengwen.prevention.effects.raised",
    "prevention.answered": "dengwen.prevention.effects.answered",
    "prevention.traced": "dengwen.prevention.effects.traced",
    "leadership.presented": "dengwen.leadership.effects.presented",
    "leadership.handed_over": "dengwen.leadership.effects.handed_over",
    "leadership.ended": "dengwen.leadership.effects.ended",
    "leadership.scheduled": "dengwen.leadership.effects.scheduled",
    "leadership.substituted": "dengwen.leadership.effects.substituted",
    "leadership.moved": "dengwen.leadership.effects.moved",
    "leadership.called_off": "dengwen.leadership.effects.called_off",
    "leadership.held": "dengwen.leadership.effects.held",
    "leadership.booked": "dengwen.leadership.effects.booked",
    "leadership.visited": "dengwen.leadership.effects.visited",
    "leadership.charged": "dengwen.leadership.effects.charged",
    "leadership.convened": "dengwen.leadership.effects.convened",
    "leadership.attended": "dengwen.leadership.effects.attended",
    "leadership.checked": "dengwen.leadership.effects.checked",
    "oversight.ordered": "dengwen.oversight.effects.ordered",
    "oversight.urged": "dengwen.oversight.effects.urged",
    "oversight.suggested": "dengwen.oversight.effects.suggested",
    "oversight.policy_suggested": "dengwen.oversight.effects.policy_suggested",
    "oversight.responsibility_proposed": "dengwen.oversight.effects.responsibility_proposed",
    "oversight.answered": "dengwen.oversight.effects.answered",
    "oversight.by_conference": "dengwen.oversight.effects.by_conference",
    "oversight.competence_decided": "dengwen.oversight.effects.competence_decided",
    "oversight.measure_taken": "dengwen.oversight.effects.measure_taken",
    "oversight.deposit_asked": "dengwen.oversight.inspections.draw_effects.deposit_asked",
    "oversight.deposited": "dengwen.oversight.inspections.draw_effects.deposited",
    "oversight.plan_filed": "dengwen.oversight.inspections.draw_effects.plan_filed",
    "oversight.secret_opened": "dengwen.oversight.inspections.draw_effects.secret_opened",
    "oversight.plan_lapsed": "dengwen.oversight.inspections.draw_effects.plan_lapsed",
    "oversight.drawn": "dengwen.oversight.inspections.draw_effects.drawn",
    "oversight.case_checked": "dengwen.oversight.inspections.effects.case_checked",
    "oversight.petitioner_called": "dengwen.oversight.inspections.effects.petitioner_called",
    "oversight.pack_taken": "dengwen.oversight.inspections.effects.pack_taken",
    "oversight.pack_returned": "dengwen.oversight.inspections.effects.pack_returned",
    "oversight.findings_sent": "dengwen.oversight.inspections.effects.findings_sent",
    "oversight.inspection_concluded": "dengwen.oversight.inspections.effects.inspection_concluded",
    "oversight.inspection_corrected": "dengwen.oversight.inspections.effects.inspection_corrected",
    "oversight.finding_listed": "dengwen.oversight.inspections.effects.finding_listed",
    "oversight.rectified_reported": "dengwen.oversight.inspections.effects.rectified_reported",
    "oversight.rechecked": "dengwen.oversight.inspections.effects.rechecked",
    "oversight.carried_over": "dengwen.oversight.inspections.effects.carried_over",
    "oversight.government_authorised": (
        "dengwen.oversight.inspections.effects.government_authorised"
    ),
    "oversight.government_body_acts": "dengwen.oversight.inspections.effects.government_body_acts",
    "oversight.report_prepared": "dengwen.oversight.effects.report_prepared",
    "oversight.report_submitted": "dengwen.oversight.effects.report_submitted",
    "assessment.scheme_drafted": "dengwen.assessment.scheme_effects.scheme_drafted",
    "assessment.tried": "dengwen.assessment.scheme_effects.tried",
    "assessment.scheme_approved": "dengwen.assessment.scheme_effects.scheme_approved",
    "assessment.scheme_in_force": "dengwen.assessment.scheme_effects.scheme_in_force",
    "assessment.asked": "dengwen.assessment.scheme_effects.asked",
    "assessment.opened": "dengwen.assessment.effects.opened",
    "assessment.exclusion_proposed": "dengwen.assessment.effects.exclusion_proposed",
    "assessment.exclusion_confirmed": "dengwen.assessment.effects.exclusion_confirmed",
    "assessment.exclusion_withdrawn": "dengwen.assessment.effects.exclusion_withdrawn",
    "assessment.answered": "dengwen.assessment.effects.answered",
    "assessment.sent": "dengwen.assessment.effects.sent",
    "assessment.objected": "dengwen.assessment.effects.objected",
    "assessment.ruled": "dengwen.assessment.effects.ruled",
    "assessment.frozen": "dengwen.assessment.effects.frozen",
    "assessment.concluded": "dengwen.assessment.effects.concluded",
    "assessment.transmitted": "dengwen.assessment.effects.transmitted",
    "accountability.formalities": (
        "dengwen.accountability.measures.follow_up_effects.formalities_owed"
    ),
    "accountability.notified": "dengwen.accountability.personnel.notification.notified",
    "accountability.correction_notified": (
        "dengwen.accountability.personnel.notification.correction_notified"
    ),
    "accountability.receipt_signed": "dengwen.accountability.personnel.notification.receipt_signed",
    "accountability.use_recorded": "dengwen.accountability.personnel.notification.use_recorded",
    "accountability.opinion_asked": "dengwen.accountability.personnel.notification.opinion_asked",
    "accountability.opinion_given": "dengwen.accountability.personnel.notification.opinion_given",
    "accountability.honours_asked": "dengwen.accountability.personnel.notification.honours_asked",
    "accountability.honours_answered": (
        "dengwen.accountability.personnel.notification.honours_answered"
    ),
    "accountability.appeal_noted": "dengwen.accountability.measures.follow_up_effects.appeal_noted",
    "accountability.appealed": "dengwen.accountability.measures.appeal_effects.appealed",
    "accountability.appeal_decided": (
        "dengwen.accountability.measures.appeal_effects.appeal_decided"
    ),
    "accountability.appeal_told": "dengwen.accountability.measures.follow_up_effects.appeal_told",
    "accountability.by_subject": "dengwen.accountability.measures.follow_up_effects.by_subject",
    "accountability.crime_handed_over": (
        "dengwen.accountability.measures.sanction_handover.crime_handed_over"
    ),
    "accountability.hand_over_received": (
        "dengwen.accountability.measures.sanction_handover.hand_over_received"
    ),
    "accountability.closing": "dengwen.accountability.measures.follow_up_effects.closing",
    "accountability.decided": "dengwen.accountability.measures.effects.decided",
    "accountability.decided_none": "dengwen.accountability.measures.effects.decided_none",
    "accountability.file_handed": "dengwen.accountability.measures.opening_effects.file_handed",
    "accountability.file_taken": "dengwen.accountability.measures.opening_effects.file_taken",
    "accountability.executed": "dengwen.accountability.measures.effects.executed",
    "accountability.opened_handed": "dengwen.accountability.measures.opening_effects.opened_handed",
    "accountability.opened_own": "dengwen.accountability.measures.opening_effects.opened_own",
    "accountability.personnel_notified": (
        "dengwen.accountability.measures.follow_up_effects.personnel_notified"
    ),
    "accountability.proposal_received": (
        "dengwen.accountability.measures.opening_effects.proposal_received"
    ),
    "accountability.rectification_extended": (
        "dengwen.accountability.measures.follow_up_effects.rectification_extended"
    ),
    "accountability.rectification_rejected": (
        "dengwen.accountability.measures.follow_up_effects.rectification_rejected"
    ),
    "accountability.served": "dengwen.accountability.measures.follow_up_effects.served",
    "accountability.set_aside": "dengwen.accountability.measures.follow_up_effects.set_aside",
    "accountability.wrong_corrected": (
        "dengwen.accountability.measures.follow_up_effects.wrong_corrected"
    ),
    "accountability.inquiry_opened": (
        "dengwen.accountability.inquiry.investigator_effects.inquiry_opened"
    ),
    "accountability.investigator_named": (
        "dengwen.accountability.inquiry.investigator_effects.investigator_named"
    ),
    "accountability.recusal_asked": (
        "dengwen.accountability.inquiry.investigator_effects.recusal_asked"
    ),
    "accountability.recusal_ruled": (
        "dengwen.accountability.inquiry.investigator_effects.recusal_ruled"
    ),
    "accountability.handed_up": "dengwen.accountability.inquiry.investigator_effects.handed_up",
    "accountability.taken_over": "dengwen.accountability.inquiry.investigator_effects.taken_over",
    "accountability.person_added": (
        "dengwen.accountability.inquiry.investigator_effects.person_added"
    ),
    "accountability.evidence_pinned": "dengwen.accountability.inquiry.effects.evidence_pinned",
    "accountability.element_found": "dengwen.accountability.inquiry.effects.element_found",
    "accountability.person_told": "dengwen.accountability.inquiry.effects.person_told",
    "accountability.person_defended": "dengwen.accountability.inquiry.effects.person_defended",
    "accountability.person_handed_in": "dengwen.accountability.inquiry.effects.person_handed_in",
    "accountability.nothing_more_said": (
        "dengwen.accountability.inquiry.hearing_effects.nothing_more_said"
    ),
    "accountability.hearing_signed": (
        "dengwen.accountability.inquiry.hearing_effects.hearing_signed"
    ),
    "accountability.signature_refused": (
        "dengwen.accountability.inquiry.hearing_effects.signature_refused"
    ),
    "accountability.contradiction_reasoned": (
        "dengwen.accountability.inquiry.hearing_effects.contradiction_reasoned"
    ),
    "accountability.text_released": (
        "dengwen.accountability.inquiry.identity_release.text_released"
    ),
    "accountability.report_signed": (
        "dengwen.accountability.inquiry.conclusion.effects.report_signed"
    ),
    "accountability.person_heard": "dengwen.accountability.inquiry.effects.person_heard",
    "accountability.point_answered": "dengwen.accountability.inquiry.effects.point_answered",
    "accountability.decision_considered": (
        "dengwen.accountability.inquiry.effects.decision_considered"
    ),
    "accountability.deed_considered": "dengwen.accountability.inquiry.effects.deed_considered",
    "accountability.diligence_weighed": "dengwen.accountability.inquiry.effects.diligence_weighed",
    "accountability.line_confirmed": "dengwen.accountability.inquiry.effects.line_confirmed",
    "accountability.gravity_found": "dengwen.accountability.inquiry.effects.gravity_found",
    "accountability.inquiry_concluded": (
        "dengwen.accountability.inquiry.conclusion.effects.inquiry_concluded"
    ),
    "accountability.sealed_over": "dengwen.accountability.inquiry.conclusion.effects.sealed_over",
    "accountability.measure_proposed": (
        "dengwen.accountability.inquiry.conclusion.effects.measure_proposed"
    ),
    "accountability.lead_raised": "dengwen.accountability.leads.effects.lead_raised",
    "accountability.lead_evidence_added": (
        "dengwen.accountability.leads.effects.lead_evidence_added"
    ),
    "accountability.lead_handed_up": "dengwen.accountability.leads.effects.lead_handed_up",
    "accountability.lead_lapsed": "dengwen.accountability.leads.lapsed_leads.lead_lapsed",
    "accountability.lead_taken": "dengwen.accountability.leads.effects.lead_taken",
}

FORESIGHTS: dict[str, str] = {
    "accountability.decided": "dengwen.accountability.measures.effects.foreseen",
}
"""By effect, what looks ahead where an act with it is put before a second person: it refuses what
the effect would refuse, and writes nothing."""
