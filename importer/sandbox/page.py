"""The page at `/`: what this is, which tokens it knows, where everything is; plain HTML without scripts."""

from collections.abc import Iterable, Sequence
from html import escape

from importer.sandbox.access import TOKENS
from importer.sandbox.call import BASE
from importer.sandbox.contract import COLLECTIONS
from importer.sandbox.faults.declare import KINDS
from importer.sandbox.state import Sandbox
from importer.sandbox.switches import SECTIONS, SETS
from importer.sandbox.world.ids import user_id
from importer.sandbox.world.people import AMINA
from importer.sandbox.world.skills import SKILLS

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem; color: #222 }
h1 { font-size: 1.6rem } h2 { font-size: 1.2rem; margin-top: 2.5rem } h3 { font-size: 1rem; margin-top: 1.5rem }
table { border-collapse: collapse; width: 100%; font-size: .9rem }
th, td { text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid #ddd }
code, pre { background: #f4f4f2; border-radius: 3px; font-size: .85rem } code { padding: .1rem .3rem }
pre { padding: .8rem; overflow-x: auto }
.changed { background: #fff3cd }
a { color: #0b57a4 }
"""

CONTROLS = (
    ("GET, PUT", "/sandbox/switches", 'behaviours of the API: {"bulk": "partial"}, {"like": "hostile"}'),
    ("GET, PUT", "/sandbox/faults", "what goes wrong with which request"),
    ("GET, DELETE", "/sandbox/requests", "every request to the API, in order; ?after=N"),
    ("GET", "/sandbox/counts", "how many rows each table holds"),
    ("POST", "/sandbox/rows", "write a row as a person in the web application would"),
    ("POST", "/sandbox/reset", "rows, switches, faults and log as at the start"),
)
WHO = {
    "administrator": "Dana Reyes, account administrator",
    "member": "Tomás Lindqvist, no administrator: sees the people and projects he shares",
    "revoked": "a token that was revoked: 401",
}
FAULTS = """[
  {"on": "POST", "nth": 3, "fault": "drop_after_commit"},
  {"on": "any", "nth": 7, "fault": "429", "retry_after": "2", "body": "html"},
  {"on": "PUT", "every": 5, "fault": "500_after_commit"},
  {"on": "POST", "path": "skill_memberships", "nth": 2, "fault": "late_commit", "seconds": 0.5},
  {"on": "POST", "nth": 1, "fault": "interfere",
   "change": {"do": "insert", "table": "skill_memberships",
              "values": {"user_id": USER, "skill_id": SKILL, "level": 2}}}
]""".replace("USER", str(user_id(AMINA))).replace("SKILL", str(SKILLS[0].id))


def landing(sandbox: Sandbox, root: str) -> str:
    """The page, with the present values of the switches. `root` is the address that it was asked for at."""
    counts = sandbox.store.counts()
    held = ", ".join(f"{counts[name]:,} {name.replace('_', ' ')}" for name in COLLECTIONS if counts[name])
    base = f"{root}{BASE}"
    return "\n".join(
        (
            '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Kantata OX sandbox</title>',
            f"<style>{STYLE}</style></head><body>",
            "<h1>Kantata OX sandbox</h1>",
            "<p>This is not Kantata. It is a stand-in for its REST API on this machine, with an invented",
            "account, for trying things and for tests. Nothing here reaches a real account.</p>",
            f"<p>It holds {escape(held)}.</p>",
            f"<h2>The API</h2><p>Base URL <code>{escape(base)}</code> &middot;",
            '<a href="/docs">Try it in the browser</a> &middot; <a href="/openapi.json">OpenAPI</a></p>',
            _table(("Token", "Belongs to"), ((_code(token), WHO[who.name]) for token, who in TOKENS.items())),
            f'<pre>curl -H "Authorization: Bearer demo" "{escape(base)}/users/me?include=account_membership"</pre>',
            "<h2>Controls</h2><p>For this machine only; described on the same page as the API.</p>",
            _table(("", "Path", ""), ((how, _link(path, how), escape(what)) for how, path, what in CONTROLS)),
            "<h2>Faults</h2><p>A list for <code>PUT /sandbox/faults</code>; <code>nth</code> counts from there.",
            f"There are {', '.join(map(_code, KINDS))}.</p><pre>{escape(FAULTS)}</pre>",
            "<h2>Switches</h2><p>Where the API reference says nothing, or may be wrong, the behaviour can be",
            "chosen: <code>--set name=value</code> at the start, or <code>PUT /sandbox/switches</code>. Values",
            'that are not the default are <span class="changed">marked</span>.</p>',
            *(_section(sandbox, title) for title in SECTIONS),
            "<h3>Sets</h3><p>As <code>like=name</code>; what a set does not name stays as it is.</p>",
            _table(("Set", "Switches"), ((_code(name), _values(values)) for name, values in SETS.items())),
            "</body></html>",
        )
    )


def _section(sandbox: Sandbox, title: str) -> str:
    rows = []
    for switch in SECTIONS[title]:
        value = sandbox.board[switch.name]
        changed = ' class="changed"' if value != switch.default else ""
        shown = f"<span{changed}>{_code(value)}</span>"
        rows.append((_code(switch.name), shown, escape(switch.accepted), escape(switch.means), switch.evidence))
    heads = ("Switch", "Now", "Accepted", "Meaning", "Default is")
    return f"<h3>{escape(title)}</h3>{_table(heads, rows)}"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f"<th>{each}</th>" for each in heads)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><tr>{head}</tr>{body}</table>"


def _code(text: str) -> str:
    return f"<code>{escape(text)}</code>"


def _link(path: str, how: str) -> str:
    return f'<a href="{path}">{path}</a>' if "GET" in how else _code(path)


def _values(values: dict[str, str]) -> str:
    return " ".join(_code(f"{name}={value}") for name, value in values.items())
