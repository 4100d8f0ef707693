"""The chapters of the desk, named once: whoever adds one writes it here and in the contract of
`pyproject.toml`."""

from __future__ import annotations

from dengwen.desk.accountability.nav import CHAPTER as ACCOUNTABILITY
from dengwen.desk.assessment.nav import CHAPTER as ASSESSMENT
from dengwen.desk.leadership.nav import CHAPTER as LEADERSHIP
from dengwen.desk.oversight.nav import CHAPTER as OVERSIGHT
from dengwen.desk.personnel.nav import CHAPTER as PERSONNEL
from dengwen.desk.petitions.nav import CHAPTER as PETITIONS
from dengwen.desk.prevention.nav import CHAPTER as PREVENTION
from dengwen.desk.registry.nav import CHAPTER as REGISTRY
from dengwen.desk.shell.frame.chapter import join
from dengwen.desk.shell.nav import CHAPTER as SHELL

CHAPTERS = (
    SHELL,
    PETITIONS,
    LEADERSHIP,
    PREVENTION,
    OVERSIGHT,
    ASSESSMENT,
    ACCOUNTABILITY,
    PERSONNEL,
    REGISTRY,
)


def join_chapters() -> None:
    """Let the shell know what the chapters add; called once, where their addresses are named."""
    join(CHAPTERS)
