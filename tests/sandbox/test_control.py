"""The controls of a running sandbox, its pages, and the log of requests."""

import pytest

from importer.sandbox import Running, SandboxError

from .client import Api, membership, one
from .known import A_MEMBERSHIP, AMINA, KANBAN, NOTHING, PYTHON


def test_switches_are_shown_with_values_and_meanings(sandbox: Running, controls: Api) -> None:
    sandbox.set(bulk="partial")
    shown = controls.get("/switches").json()
    assert shown["bulk"] == {
        "value": "partial",
        "default": "atomic",
        "accepted": "atomic / partial",
        "means": "Whether one bad row keeps the whole array from being written.",
        "number": "5.4",
        "evidence": "unknown",
    }


def test_switches_are_set_while_the_sandbox_runs(api: Api, controls: Api) -> None:
    assert controls.put("/switches", {"meta": "off", "over_max": "400"}).json()["meta"] == "off"
    assert "meta" not in api.found("/skills")
    assert api.get("/skills", per_page=201).status_code == 400


def test_numbers_and_booleans_of_json_are_values_too(controls: Api) -> None:
    values = controls.put("/switches", {"validation_status": 400, "meta": False, "latency": 0}).json()
    assert (values["validation_status"], values["meta"], values["latency"]) == ("400", "off", "0")


def test_a_whole_set_of_switches_is_set_by_its_name(sandbox: Running, controls: Api) -> None:
    values = controls.put("/switches", {"like": "D", "bulk": "partial"}).json()
    assert (values["over_max"], values["member_type_in"], values["bulk"]) == ("400", "lower", "partial")
    sandbox.set(like="gem")
    assert sandbox.sandbox.board["ugm_id_type"] == "string"


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ({"bulkk": "atomic"}, '"bulkk" is not a switch of the sandbox. Did you mean bulk'),
        ({"bulk": "atmic"}, 'The switch bulk cannot be "atmic"; use atomic / partial. Did you mean "atomic"?'),
        ({"xyzzy": "1"}, "GET /sandbox/switches lists them all."),
        ({"rate": "often"}, "use off / N/T (N calls in T seconds)."),
        ({"like": "Z"}, '"Z" is not a set of switches; use one of A (documented)'),
    ],
)
def test_a_wrong_switch_is_refused_with_a_sentence_and_nothing_is_set(
    sandbox: Running, controls: Api, wanted: dict[str, str], sentence: str
) -> None:
    answer = controls.put("/switches", {"meta": "off", **wanted})
    assert answer.status_code == 400
    assert sentence in answer.json()["error"]
    assert sandbox.sandbox.board["meta"] == "on"


def test_the_log_holds_every_request_in_order_and_no_token(api: Api, member: Api, controls: Api) -> None:
    api.get("/skills", per_page=1)
    api.post("/skill_memberships", {"skill_membership": membership(AMINA, KANBAN)})
    member.get(f"/users/{NOTHING}.json")
    first, second, third = controls.get("/requests").json()
    assert {name: first[name] for name in ("number", "method", "path", "query", "body", "token", "status")} == {
        "number": 1,
        "method": "GET",
        "path": "/skills",
        "query": "per_page=1",
        "body": "",
        "token": "administrator",
        "status": 200,
    }
    assert (second["body"], second["committed"], second["rows_written"], second["fault"]) == (
        f'{{"skill_membership": {{"user_id": {AMINA}, "skill_id": {KANBAN}}}}}',
        1,
        1,
        None,
    )
    assert (third["path"], third["token"], third["status"]) == (f"/users/{NOTHING}.json", "member", 404)
    assert first["received_at"] < second["received_at"] < third["received_at"]
    assert "demo" not in str([first, second, third])


def test_the_log_can_be_read_from_a_number_on_and_emptied(api: Api, controls: Api) -> None:
    for _ in range(3):
        api.get("/users/me")
    assert [each["number"] for each in controls.get("/requests", after=1).json()] == [2, 3]
    assert controls.delete("/requests").json() == {"deleted": 3}
    api.get("/users/me")
    assert [each["number"] for each in controls.get("/requests").json()] == [4]


def test_calls_of_controls_and_pages_are_not_in_the_log(sandbox: Running, controls: Api) -> None:
    controls.get("/counts")
    controls.get("/switches")
    assert sandbox.requests() == []


def test_counts_tell_how_many_rows_each_table_holds(api: Api, controls: Api) -> None:
    before = controls.get("/counts").json()
    assert (before["users"], before["skills"], before["skill_memberships"], before["requests"]) == (453, 230, 1544, 0)
    api.delete(f"/skill_memberships/{A_MEMBERSHIP}")
    after = controls.get("/counts").json()
    assert {name: after[name] - before[name] for name in after if after[name] != before[name]} == {
        "skill_memberships": -1,
        "requests": 1,
    }


def test_reset_brings_back_rows_switches_faults_and_an_empty_log(sandbox: Running, api: Api, controls: Api) -> None:
    api.delete(f"/skill_memberships/{A_MEMBERSHIP}")
    sandbox.set(meta="off", revoke_after="2", drop="after_commit@1")
    sandbox.faults([{"nth": 9, "fault": "500"}])
    assert controls.call("POST", "/reset").json()["skill_memberships"] == 1544
    assert controls.get("/faults").json() == []
    assert sandbox.requests() == []
    assert [api.get(f"/skill_memberships/{A_MEMBERSHIP}").status_code for _ in range(3)] == [200, 200, 200]
    assert "meta" in api.found("/skills")


def test_rows_are_written_as_a_person_in_the_web_application_would(sandbox: Running, api: Api, controls: Api) -> None:
    made = controls.post(
        "/rows", {"do": "insert", "table": "skill_memberships", "values": membership(AMINA, KANBAN, 2)}
    ).json()
    shown = api.found(f"/skill_memberships/{made['id']}")["skill_memberships"][str(made["id"])]
    assert (shown["cached_skill_name"], shown["level"], shown["creator_id"]) == ("Kanban", 2, None)
    where = {"id": made["id"]}
    change = {"do": "update", "table": "skill_memberships", "where": where, "values": {"level": 5}}
    assert controls.post("/rows", change).json() == {"id": 0, "rows": 1}
    assert sandbox.query("SELECT level FROM skill_memberships WHERE id = ?", made["id"]) == [{"level": 5}]
    assert controls.post("/rows", {"do": "delete", "table": "skill_memberships", "where": where}).json()["rows"] == 1
    assert api.get(f"/skill_memberships/{made['id']}").status_code == 404


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"do": "drop", "table": "users"}, "do: Input should be 'insert', 'update' or 'delete'"),
        ({"do": "delete", "table": "requests", "where": {"number": 1}}, "is not a table of the sandbox"),
        ({"do": "delete", "table": "users"}, "delete needs where"),
        ({"do": "insert", "table": "users", "values": {"colour": "red"}}, "users has no colour; it has"),
        ({"do": "insert", "table": "users", "values": {"full_name": "Nobody"}}, "NOT NULL constraint failed"),
        ({"do": "insert", "table": "users", "values": 3}, "values: Input should be a valid dictionary"),
    ],
)
def test_a_wrong_row_is_refused_with_a_sentence(controls: Api, change: dict[str, object], sentence: str) -> None:
    answer = controls.post("/rows", change)
    assert answer.status_code == 400
    assert sentence in answer.json()["error"]


def test_the_controls_are_for_this_machine_only(controls: Api) -> None:
    assert controls.get("/counts", headers={"Host": "falcons.example.com"}).status_code == 403
    assert controls.get("/counts", headers={"Host": "localhost:8400"}).status_code == 200


def test_the_front_page_says_what_this_is_and_where_everything_is(sandbox: Running) -> None:
    sandbox.set(bulk="partial")
    front = Api(sandbox.root, "")
    page = front.get("/")
    assert page.headers["Content-Type"].startswith("text/html")
    for words in (
        "This is not Kantata",
        f"{sandbox.url}",
        "demo-member",
        'href="/docs"',
        "/sandbox/faults",
        '<span class="changed"><code>partial</code></span>',
        "after_commit@3",
    ):
        assert words in page.text, words
    front.close()


def test_the_docs_load_nothing_from_other_machines(sandbox: Running) -> None:
    front = Api(sandbox.root, "")
    page = front.get("/docs").text
    assert "https://" not in page
    assert front.get("/static-offline-docs/swagger-ui-bundle.js").status_code == 200
    front.close()


def test_openapi_describes_paths_filters_includes_and_bodies(sandbox: Running) -> None:
    front = Api(sandbox.root, "")
    found = front.get("/openapi.json").json()
    operation = found["paths"]["/api/v1/skill_memberships"]["get"]
    named = {each["name"]: each for each in operation["parameters"]}
    assert {"by_skill_ids", "active_account_members_only", "include", "order", "only", "per_page"} <= set(named)
    assert named["include"]["description"] == "Comma separated: creator, skill, user"
    assert "created_at:desc" in named["order"]["schema"]["enum"]
    body = found["paths"]["/api/v1/skill_memberships"]["post"]["requestBody"]["content"]["application/json"]
    schemas = found["components"]["schemas"]
    forms = [schemas[each["$ref"].rpartition("/")[2]] for each in body["schema"]["anyOf"]]
    assert forms[1]["properties"]["skill_memberships"]["maxItems"] == 200
    assert set(schemas["SkillMembershipCreate"]["required"]) == {"skill_id", "user_id"}
    assert set(schemas["FaultRequest"]["properties"]) >= {"fault", "on", "nth", "every", "change"}
    assert body["examples"]["one"]["value"]["skill_membership"]["skill_id"] == PYTHON
    assert "get" not in found["paths"].get("/api/v1/user_group_memberships/{id}", {})
    assert {"/sandbox/faults", "/sandbox/rows", "/sandbox/reset"} <= set(found["paths"])
    front.close()


def test_every_example_of_the_docs_works(sandbox: Running, api: Api) -> None:
    front = Api(sandbox.root, "")
    paths = front.get("/openapi.json").json()["paths"]
    front.close()
    tried = 0
    for path, operations in paths.items():
        if not path.startswith("/api/v1/") or "post" not in operations:
            continue
        examples = operations["post"]["requestBody"]["content"]["application/json"]["examples"]
        for example in examples.values():
            sandbox.reset()
            answer = api.post(path.removeprefix("/api/v1"), example["value"])
            assert answer.status_code == 200, (path, answer.text)
            tried += 1
    assert tried == 11


def test_a_switch_set_by_keyword_is_refused_with_a_sentence_too(sandbox: Running) -> None:
    with pytest.raises(SandboxError, match="is not a switch"):
        sandbox.set(falcons="on")


def test_rows_can_be_read_and_written_directly(sandbox: Running, api: Api) -> None:
    made = sandbox.by_hand(do="insert", table="skill_memberships", values=membership(AMINA, KANBAN))
    assert api.put(f"/skill_memberships/{made}", one("skill_membership", level=1)).status_code == 200
    assert sandbox.execute("DELETE FROM skill_memberships WHERE id = ?", made) == 1
    assert sandbox.query("SELECT id FROM skill_memberships WHERE id = ?", made) == []
