"""The one place with dotted names: what the acts of rule packs may set in motion.

A pack names an effect by its key; a pack that names an unknown one is refused at loading. Plain data, so that
`dengwen law` can check packs without a database.
"""

from __future__ import annotations

EFFECTS: dict[str, str] = {
    "petitions.split": "dengwen.petitions.effects.split",
    "petitions.open_review": "dengwen.petitions.effects.open_review",
    "petitions.open_recheck": "dengwen.petitions.effects.open_recheck",
    "petitions.after_review": "dengwen.petitions.effects.after_review",
    "petitions.new_matter": "dengwen.petitions.effects.new_matter",
}
