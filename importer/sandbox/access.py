"""Who is calling, and what they may do; knows the tokens of the fixture world and no record.

Source: API reference 1.0.0, section Authentication; tag User Group Memberships (administrators only).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from importer.sandbox.answer import Answer, Refused, error, in_form, not_found
from importer.sandbox.contract.declare import WRITES, Collection, Verb
from importer.sandbox.world.ids import user_id
from importer.sandbox.world.people import DANA, PRIYA, TOMAS


@dataclass(frozen=True, slots=True)
class Caller:
    """The person behind a token; `name` is what the log of requests calls the token, `owner` says who it is."""

    name: str
    user_id: int
    owner: str
    administrator: bool = False
    revoked: bool = False


TOKENS = {
    "demo": Caller("administrator", user_id(DANA), "Dana Reyes, account administrator", administrator=True),
    "demo-member": Caller("member", user_id(TOMAS), "Tomás Lindqvist, who sees only the projects and people he shares"),
    "demo-revoked": Caller("revoked", user_id(PRIYA), "nobody any more: it was revoked, so it gets 401", revoked=True),
}
FORBIDDEN = "You do not have permission to do this"


def bearer(authorization: str) -> Caller | None:
    """Whose token the Authorization header carries; None for none, an unknown one or another scheme."""
    scheme, _, token = authorization.partition(" ")
    return TOKENS.get(token.strip()) if scheme.casefold() == "bearer" else None


def forbidden(switches: Mapping[str, str]) -> Answer:
    """403 with the body that the switch forbidden_body says."""
    return in_form(403, switches["forbidden_body"], FORBIDDEN)


def check_account(switches: Mapping[str, str]) -> None:
    """Raises: Refused if the account is cancelled."""
    state = switches["account_state"]
    if state != "ok":
        raise Refused(error(401 if state.endswith("401") else 403, "Your account has been canceled"))


def check(caller: Caller, collection: Collection, verb: Verb, switches: Mapping[str, str]) -> None:
    """Check that the caller may do this. Raises: Refused.

    The rules of writing check what depends on the rows: a manager's reports.
    """
    if caller.administrator:
        return
    if collection.administrators_only:
        reply = switches["ugm_forbidden"]
        if reply == "404":
            raise Refused(not_found())
        if reply != "empty list" or verb in WRITES:
            raise Refused(forbidden(switches))
    elif verb in WRITES and not _may_write(collection, switches):
        raise Refused(forbidden(switches))


def _may_write(collection: Collection, switches: Mapping[str, str]) -> bool:
    if not collection.key:  # no membership
        return False
    need = switches["writes_need"]
    return need == "any" or (need == "manager" and collection.name == "skill_memberships")
