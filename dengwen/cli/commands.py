"""The command line of everything that works on an office, in the order of its help."""

from __future__ import annotations

from dengwen.cli.cases.case_arguments import add_cases, add_history
from dengwen.cli.cases.registry_arguments import add_registry
from dengwen.cli.office.office_arguments import add_copies, add_installation, add_service
from dengwen.cli.record.record_arguments import add_ledger, add_rederive
from dengwen.cli.reports.report_arguments import (
    add_assessments,
    add_leads,
    add_personnel,
    add_reports,
)
from dengwen.cli.rules.rule_arguments import add_rules
from dengwen.cli.shell.command_parser import Commands


def add_commands(commands: Commands) -> None:
    """Add every command but `law`."""
    add_installation(commands)
    add_rules(commands)
    add_registry(commands)
    add_copies(commands)
    add_rederive(commands)
    add_ledger(commands)
    add_cases(commands)
    add_history(commands)
    add_reports(commands)
    add_assessments(commands)
    add_leads(commands)
    add_personnel(commands)
    add_service(commands)
