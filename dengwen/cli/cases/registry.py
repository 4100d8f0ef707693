"""`dengwen organ import` and `dengwen account`: the registry and the accounts, each change an
act."""

from __future__ import annotations

import argparse
import getpass
import sys
from pathlib import Path

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from dengwen.access.keys.randomness import token_bytes
from dengwen.access.models import User
from dengwen.cases.models import Act
from dengwen.cases.write.list_entry import ListForm, Taken, take_list
from dengwen.cases.write.perform import By, perform
from dengwen.cases.write.proposal_doors import do_or_propose
from dengwen.cli.cases.act import tell_waiting
from dengwen.cli.shell.account import administrator, organ_named, registrar, user_named
from dengwen.cli.shell.answer import day_of, now_of, pairs_of
from dengwen.cli.shell.output import OK, WRONG, CommandError, complain, tell, tell_json
from dengwen.law.duties.act_record import civil
from dengwen.law.duties.step import FieldValue, Step
from dengwen.organs.lists.csv_table import RowError


# --- lists ----------------------------------------------------------------------------------------
def run_import(args: argparse.Namespace) -> int:
    """Preview a list; with errors nothing is written, without them one act an organ (or one for
    all divisions)."""
    now = now_of(args)
    data = Path(args.file).read_bytes()
    form = ListForm(
        divisions=args.divisions,
        columns=pairs_of(args.column, "--column"),
        kinds=pairs_of(args.kind, "--kind"),
        defaults=pairs_of(args.default, "--default"),
        prefix=args.prefix,
    )
    taken = take_list(
        data,
        form,
        by=registrar(args.by, civil(now)),
        now=now,
        day=day_of(args.since, "--since", civil(now)),
        uid=_uid("list"),
        enter=not args.preview,
    )
    _report(args, taken)
    return WRONG if taken.preview.errors else OK


def _report(args: argparse.Namespace, taken: Taken) -> None:
    """Say what became of a list, every error with file, line, column, value, why and the mend."""
    preview, name = taken.preview, Path(args.file).name
    errors = [_as_data(name, one) for one in preview.errors]
    if args.json:
        tell_json(
            {
                "rows": len(preview.rows),
                "encoding": preview.encoding,
                "unread": preview.unread,
                "errors": errors,
                "entered": taken.entered,
            }
        )
        return
    for error in errors:
        complain(f"{name} {error['zh']}\n    {name} {error['en']}")
    if preview.unread:
        tell(f"没有读取的列 / columns nothing was taken from: {'、'.join(preview.unread)}")
    tell(
        f"{args.file}：{len(preview.rows)} 行，{len(errors)} 处错误，登记 {taken.entered} / "
        f"{len(preview.rows)} rows, {len(errors)} errors, {taken.entered} entered"
    )


def _as_data(file: str, error: RowError) -> dict[str, str | int]:
    return {
        "file": file,
        "row": error.row,
        "column": error.column,
        "value": error.value,
        "code": error.code,
        "zh": error.zh,
        "en": error.en,
    }


# --- accounts -------------------------------------------------------------------------------------
def run_account(args: argparse.Namespace) -> int:
    """Open an account; it has no password and no role yet."""
    fields: dict[str, FieldValue] = {
        "username": args.username,
        **({"official": args.official} if args.official else {}),
    }
    step = Step(act="open_account", kind="account", fields=fields)
    done = perform(step, by=_by(args), now=now_of(args), uid=_uid("account"))
    tell(
        f"{args.username}（{done.case}）已开立 / opened；下一步 / next: dengwen account grant, "
        "dengwen account password"
    )
    return OK


def run_grant(args: argparse.Namespace) -> int:
    """Grant a role, or put it before a second administrator: one alone grants none."""
    now, user = now_of(args), user_named(args.username, "username")
    fields: dict[str, FieldValue] = {
        "user": user.pk,
        "role": args.role,
        "from": day_of(args.since, "--since", civil(now)),
    }
    if args.until:
        fields["to"] = day_of(args.until, "--until", civil(now))
    if args.organ:
        fields["organ"] = organ_named(args.organ, "--organ").code
    if args.compartment:
        fields["compartment"] = args.compartment
    step = Step(act="grant_role", case=_account_case(user), fields=fields)
    done, waits = do_or_propose(step, by=_by(args), now=now, uid=_uid("grant"))
    if waits:
        tell_waiting(done)
        return OK
    tell(f"{args.username}: {args.role} {args.organ}".rstrip())
    return OK


def _by(args: argparse.Namespace) -> By:
    """Return who administers: a named account with what it holds, or nobody while the office has
    no accounts in use."""
    if args.by:
        return registrar(args.by, civil(now_of(args)))
    if User.objects.filter(grants__isnull=False).values("pk").distinct().count() >= FIRST_TWO:
        raise CommandError(
            what="须写明由哪位管理员办理 / say which administrator does it",
            where="--by",
            mend="--by <USER>",
        )
    return administrator("")


FIRST_TWO = 2
"""Until the security and the audit administrator are in office, whoever installs the office
names them."""


def _account_case(user: User) -> str:
    """Return the number of the case in which the account was opened."""
    act = (
        Act.objects.filter(act="open_account", data__username=user.username)
        .select_related("case")
        .first()
    )
    if act is None:
        raise CommandError(
            what=f"账号{user.username}不是由行为开立的 / no act opened account {user.username}",
            where="account",
        )
    return act.case.number


def _uid(what: str) -> str:
    """Return a fresh key for one act."""
    return f"cli/{what}/{token_bytes(8).hex()}"


def run_password(args: argparse.Namespace) -> int:
    """Set a password, read from standard input or asked for twice; the rules of the house apply."""
    user = user_named(args.username, "username")
    password = _read_password()
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise CommandError(
            what="；".join(error.messages),
            where="password",
            mend="口令至少15位，不用常见口令 / at least 15 characters",
        ) from error
    user.set_password(password)
    user.password_set_at = now_of(args)
    user.save(update_fields=["password", "password_set_at"])
    tell(f"{args.username}：口令已设定 / password set")
    return OK


def _read_password() -> str:
    """Return the password: a line of standard input, or typed twice alike."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass.getpass("口令 / password: ")
    if getpass.getpass("再输一次 / again: ") != first:
        raise CommandError(what="两次输入不一致 / the two do not match", where="password")
    return first
