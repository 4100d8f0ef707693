"""Only the write door and the ledger import the row layer: the contract says so, and a planted
import breaks it."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = {
    "planted/store/unit_of_work.py": "",
    "planted/store/driver.py": "from planted.store import unit_of_work\n",
    "planted/cases/write/perform.py": "from planted.store import unit_of_work\n",
    "planted/ledger/event_log.py": "from planted.store.driver import unit_of_work\n",
    "planted/petitions/effects.py": "from planted.cases.write import perform\n",
    "planted/cases/effects.py": "from planted.cases.write import perform\n",
    "planted/access/grants.py": "",
}
WAYS_ROUND = {
    "petitions/effects": "from planted.store.unit_of_work import x\n",
    "cases/effects": "import planted.store.driver\n",
    "access/grants": "def read():\n    from planted.store import driver\n    return driver\n",
}


def contract() -> dict[str, object]:
    """Return the contract of the row layer as the house keeps it."""
    said = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    kept = said["tool"]["importlinter"]["contracts"]
    return next(one for one in kept if one["id"] == "rows")


def _lint(folder: Path, modules: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Lint an invented program by the contract of the house."""
    for name, text in modules.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        for parent in file.relative_to(folder).parents:
            if parent != Path():
                (folder / parent / "__init__.py").touch()
    own = {
        name: [f"planted.{module.removeprefix('dengwen.')}" for module in value]
        for name, value in contract().items()
        if isinstance(value, list)
    }
    lines = [
        "[importlinter]",
        "root_package = planted",
        "[importlinter:contract:rows]",
        f"name = {contract()['name']}",
        f"type = {contract()['type']}",
    ]
    for name, modules_named in own.items():
        lines += [f"{name} =", *(f"    {module}" for module in modules_named)]
    config = folder / "lint.ini"
    config.write_text("\n".join(lines), encoding="utf-8")
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"]
    return subprocess.run(
        [*command, "--config", str(config), "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_contract_lets_the_write_door_and_the_ledger_speak_to_the_row_layer(
    tmp_path: Path,
) -> None:
    done = _lint(tmp_path, MODULES)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("module", WAYS_ROUND)
def test_a_planted_import_of_the_row_layer_breaks_the_contract(tmp_path: Path, module: str) -> None:
    done = _lint(tmp_path, {**MODULES, f"planted/{module}.py": WAYS_ROUND[module]})
    assert done.returncode == 1
    assert f"planted.{module.replace('/', '.')}" in done.stdout
