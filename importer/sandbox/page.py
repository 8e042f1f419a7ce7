"""The page at `/`: what this is, which tokens it knows, where everything is; plain HTML without scripts."""

from jinja2 import Environment, PackageLoader, StrictUndefined

from importer.sandbox.access import TOKENS
from importer.sandbox.call import BASE
from importer.sandbox.contract import COLLECTIONS
from importer.sandbox.faults.declare import KINDS
from importer.sandbox.state import Sandbox
from importer.sandbox.switches import SECTIONS, SETS
from importer.sandbox.world.ids import user_id
from importer.sandbox.world.people import AMINA
from importer.sandbox.world.skills import SKILLS

_TEMPLATES = Environment(
    loader=PackageLoader("importer.sandbox"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)


def landing(sandbox: Sandbox, root: str) -> str:
    """The page, with the present values of the switches. `root` is the address that the browser used."""
    counts = sandbox.store.counts()
    return _TEMPLATES.get_template("index.html").render(
        held=", ".join(f"{counts[name]:,} {name.replace('_', ' ')}" for name in COLLECTIONS if counts[name]),
        base=f"{root}{BASE}",
        tokens={token: caller.owner for token, caller in TOKENS.items()},
        faults=list(KINDS),
        person=user_id(AMINA) + sandbox.store.account.shift,
        skill=SKILLS[0].id + sandbox.store.account.shift,
        sections=SECTIONS,
        values=sandbox.board.all(),
        sets=SETS,
    )
