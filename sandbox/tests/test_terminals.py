"""The card terminals of the sandbox: a slip for an amount, and the acquirer's list of it."""

import re

from sandbox.tests.test_card_gateway import KEY, TODAY


def test_a_slip_is_printed_and_listed_by_terminal_and_number(state):
    for back in ({}, {"back": "1"}):
        answer = state.gateway.post("/terminal/70000012", data={"amount": "25.00"} | back)
        assert answer.status_code == 303
    shown = state.gateway.get("/terminal/70000012").text
    numbers = re.findall(r"<th scope=\"row\">(\d{12})</th>", shown)
    assert len(numbers) == 2
    listed = state.gateway.get(f"/v1/settlements/{TODAY}", params={"method": "terminal"}, headers=KEY).json()
    told = {line["reference"]: (line["kind"], line["amount_minor"], line["fee_minor"]) for line in listed["lines"]}
    assert sorted(told.values()) == [("payment", 2500, 25), ("refund", 2500, 0)]
    assert told.keys() == {f"70000012-{number}" for number in numbers}


def test_what_is_no_sum_or_no_terminal_is_refused(state):
    assert state.gateway.post("/terminal/70000012", data={"amount": "lots"}).status_code == 422
    assert state.gateway.get("/terminal/7").status_code == 404
