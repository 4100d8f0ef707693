"""Every variable of the environment that an installation may set: the one list of them.

`config/settings.py` reads them, `make docs` writes `docs/reference/settings.en.md` and
`settings.zh.md` from here, and `tests/house/test_docs.py` fails where the program reads one that is
not listed or where one listed is not read.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """The same in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable: its name, what for, the value that stands without it, and what its value is."""

    name: str
    what: Words
    default: Words
    unit: Words


def _same(text: str) -> Words:
    """What needs no translation."""
    return Words(text, text)


FOLDER = Words("文件夹", "folder")
SWITCH = Words("开关：`1` 或 `0`", "switch: `1` or `0`")
OFF = Words("关", "off")
NUMBER = Words("个", "whole number")

VARIABLES = (
    Variable(
        "DENGWEN_DATA",
        Words(
            "须保存的一切：数据库、密钥、文书",
            "where everything lies that must be kept: database, keys, documents",
        ),
        _same("`./data`"),
        FOLDER,
    ),
    Variable(
        "DENGWEN_DATABASE_URL",
        Words(
            "用哪个数据库；用户名、密码里的 `/ @ : #` 写作 `%2F %40 %3A %23`",
            "which database; in name and password `/ @ : #` are written `%2F %40 %3A %23`",
        ),
        Words("无：数据文件夹里的 SQLite", "none: SQLite in the data folder"),
        Words(
            "地址 `postgresql://用户:密码@主机:端口/库名`",
            "address `postgresql://user:password@host:port/name`",
        ),
    ),
    Variable(
        "DENGWEN_HOSTS",
        Words("网页答复哪些主机名", "host names the pages answer to"),
        Words("只答本机", "this machine only"),
        Words("名称，逗号隔开", "names, separated by commas"),
    ),
    Variable(
        "DENGWEN_HTTPS",
        Words("安全 Cookie、转到 https、HSTS", "Secure cookies, redirect to https and HSTS"),
        Words("写了 `DENGWEN_HOSTS` 即开", "on as soon as `DENGWEN_HOSTS` is given"),
        SWITCH,
    ),
    Variable(
        "DENGWEN_BEHIND_PROXY",
        Words(
            "信自己的代理写的 `X-Forwarded-Proto`；一个都没写明时只信本机",
            "trust `X-Forwarded-Proto` of the own proxies, or of this machine where none is named",
        ),
        OFF,
        SWITCH,
    ),
    Variable(
        "DENGWEN_TRUSTED_PROXIES",
        Words("自己的代理", "the own proxies"),
        Words("无：直接连上来的就是来源", "none: the direct peer is the source"),
        Words("地址或网段，逗号隔开", "addresses or networks, separated by commas"),
    ),
    Variable(
        "DENGWEN_PROXY_HOPS",
        Words("这些代理前后几级", "how many of these proxies stand in a row"),
        _same("`1`"),
        Words("级", "whole number"),
    ),
    Variable(
        "DENGWEN_PROXY_HEADER",
        Words(
            "代理把来源写进哪个头；RFC 7239 的写 `Forwarded`",
            "the header they write the source into; `Forwarded` for RFC 7239",
        ),
        _same("`X-Forwarded-For`"),
        Words("头的名称", "name of a header"),
    ),
    Variable(
        "DENGWEN_HASHES",
        Words(
            "每个进程同时核对几个密码，其中一个只留给登录过的浏览器",
            "passwords tried at once per process, one of them for known browsers only",
        ),
        _same("`2`"),
        NUMBER,
    ),
    Variable(
        "DENGWEN_HASHES_WAITING",
        Words(
            "几个登录排队；与上一项之和小于网页服务的线程数",
            "sign-ins that wait for their turn; with the above fewer than the server has threads",
        ),
        _same("`1`"),
        NUMBER,
    ),
    Variable(
        "DENGWEN_POOL",
        Words("每个进程的 PostgreSQL 连接", "PostgreSQL connections per process"),
        _same("`4`"),
        NUMBER,
    ),
    Variable(
        "DENGWEN_DEBUG",
        Words(
            "Django 的调试页面；会显示数据，办公室里永远不开",
            "Django's debug pages; never in an office, they show data",
        ),
        OFF,
        SWITCH,
    ),
    Variable(
        "DENGWEN_SECRET_KEY",
        Words("给登录状态签名", "signs sessions"),
        Words(
            "数据文件夹里的 `keys/secret-key`，由 `dengwen init` 生成",
            "the file `keys/secret-key` in the data folder, made by `dengwen init`",
        ),
        Words("五十个以上的字符", "fifty characters or more"),
    ),
    Variable(
        "DENGWEN_PACKS",
        Words("`dengwen law` 读哪里的规则包", "which rule packs `dengwen law` reads"),
        Words("程序旁的 `packs`", "`packs` beside the program"),
        FOLDER,
    ),
    Variable(
        "DENGWEN_TESTS_PASSED",
        Words(
            "`dengwen law explain` 和 `law check --coverage` 从哪里读通过了的测试",
            "where `dengwen law explain` and `law check --coverage` read which tests passed",
        ),
        _same("`build/tests-passed.json`"),
        Words("文件", "file"),
    ),
)
