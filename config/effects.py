"""The one place with dotted names: what the acts of rule packs may set in motion.

A pack names an effect by its key; a pack that names an unknown one is refused at loading. Plain data, so that
`dengwen law` can check packs without a database.
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
    "organs.set_competence": "dengwen.organs.effects.set_competence",
    "organs.found_post": "dengwen.organs.effects.found_post",
    "organs.enter_official": "dengwen.organs.effects.enter_official",
    "organs.appoint": "dengwen.organs.effects.appoint",
    "organs.relieve": "dengwen.organs.effects.relieve",
    "organs.divide_work": "dengwen.organs.effects.divide_work",
    "organs.substitute": "dengwen.organs.effects.substitute",
    "organs.end_substitute": "dengwen.organs.effects.end_substitute",
    "organs.import_divisions": "dengwen.organs.effects.import_divisions",
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
    "petitions.classified": "dengwen.petitions.effects.classified",
    "petitions.corrected": "dengwen.petitions.effects.corrected",
    "petitions.accused_named": "dengwen.petitions.effects.accused_named",
    "petitions.request_entered": "dengwen.petitions.effects.request_entered",
    "petitions.request_decided": "dengwen.petitions.effects.request_decided",
    "petitions.request_promised": "dengwen.petitions.effects.request_promised",
    "petitions.request_proved": "dengwen.petitions.effects.request_proved",
    "petitions.split": "dengwen.petitions.effects.split",
    "petitions.open_review": "dengwen.petitions.effects.open_review",
    "petitions.open_recheck": "dengwen.petitions.effects.open_recheck",
    "petitions.after_review": "dengwen.petitions.effects.after_review",
    "petitions.new_matter": "dengwen.petitions.effects.new_matter",
}
