"""A process drawn: the picture holds every state and step, BPMN gives the table back, and nothing stands outside or upon another."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest
from defusedxml import ElementTree
from django.conf import settings

from hukumati.domain.catalogue import api as catalogue
from hukumati.domain.catalogue.drawing import layers, words
from hukumati.domain.catalogue.drawing.bpmn import DIAGRAM, LINES, MODEL, OURS, SHAPES, TASKS
from hukumati.domain.catalogue.folder.proofs import VERBS
from hukumati.kernel.process import By
from hukumati.kernel.text import Text

SVG = "{http://www.w3.org/2000/svg}"


def with_processes():
    services = [catalogue.load_folder(path) for path in catalogue.list_folders(settings.SERVICES_DIR)]
    return [service for service in services if service.process]


@pytest.fixture(params=with_processes(), ids=lambda service: service.id)
def service(request):
    return request.param


def test_columns_go_from_the_start_to_the_ends_and_ways_back_do_not_count():
    edges = [("a", "b"), ("b", "c"), ("c", "b"), ("a", "d"), ("c", "d")]
    assert layers.columns("a", edges) == {"a": 0, "b": 1, "c": 2, "d": 3}
    assert layers.going_back("a", edges) == {("c", "b")}


def test_a_long_line_passes_each_column_between():
    column = {"a": 0, "b": 1, "c": 3}
    assert layers.stations(column, [("a", "c"), ("c", "b")]) == {("a", "c"): ["a>c@1", "a>c@2"], ("c", "b"): ["c>b@2"]}


def test_every_verb_and_actor_has_words_in_both_languages():
    assert set(VERBS) <= set(words.VERBS)
    assert {str(by) for by in By} <= set(words.ACTORS)
    assert {str(by) for by in By} <= set(TASKS)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_picture_shows_every_state_and_step(service, language):
    picture = ElementTree.fromstring(catalogue.draw_process(service, language=language, standalone=True))
    said = [text.text for text in picture.iter(f"{SVG}text")]
    for state in service.process.states:
        assert any(
            text.rstrip("…") and service.state_text(state).in_(language).startswith(text.rstrip("…")) for text in said
        )
    lines = [path for path in picture.iter(f"{SVG}path") if path.get("class", "").startswith("process-line")]
    assert len(lines) == len(service.process.steps)
    assert picture.get("direction") == ("rtl" if language == "ar" else "ltr")


def test_no_card_of_the_picture_stands_upon_another(service):
    picture = ElementTree.fromstring(catalogue.draw_process(service, language="ar"))
    width, height = float(picture.get("width")), float(picture.get("height"))
    boxes = [
        tuple(float(rect.get(name)) for name in ("x", "y", "width", "height"))
        for rect in picture.iter(f"{SVG}rect")
        if rect.get("class")
    ]
    assert len(boxes) == len(service.process.states)
    assert all(x >= 0 and y >= 0 and x + wide <= width and y + tall <= height for x, y, wide, tall in boxes)
    assert not any(over(one, other) for one, other in combinations(boxes, 2))


def test_words_in_a_picture_are_words(service):
    named = replace(service, name=Text("<script>alert(1)</script>", "<script>alert(1)</script>"))
    assert "<script" not in catalogue.draw_process(named, language="en")
    assert "<script" not in catalogue.export_bpmn(named, language="en")


def over(one, other):
    (x, y, wide, tall), (other_x, other_y, other_wide, other_tall) = one, other
    return x < other_x + other_wide and other_x < x + wide and y < other_y + other_tall and other_y < y + tall


def steps_of(document):
    """The table again, read from the drawing: (from, verb, by, when, to, refunds)."""
    process = document.find(f"{{{MODEL}}}process")
    nodes = {node.get("id"): node for node in process if node.get("id")}
    flows = list(process.iter(f"{{{MODEL}}}sequenceFlow"))
    lanes = {
        ref.text: lane.get("id").removeprefix("lane_") for lane in process.iter(f"{{{MODEL}}}lane") for ref in lane
    }
    out = {flow.get("id"): flow for flow in flows}
    steps = set()
    for task in (node for node in nodes.values() if node.get(f"{{{OURS}}}verb")):
        [into] = [flow for flow in out.values() if flow.get("targetRef") == task.get("id")]
        state = nodes[into.get("sourceRef")].get(f"{{{OURS}}}state")
        ends = [flow for flow in out.values() if flow.get("sourceRef") == task.get("id")]
        after = nodes[ends[0].get("targetRef")]
        if not after.get(f"{{{OURS}}}state"):
            ends = [flow for flow in out.values() if flow.get("sourceRef") == after.get("id")]
            assert [flow.get("id") for flow in ends if not flow.get("name")] == [after.get("default")]
        steps |= {
            (
                state,
                task.get(f"{{{OURS}}}verb"),
                lanes[task.get("id")],
                flow.get("name") or "",
                nodes[flow.get("targetRef")].get(f"{{{OURS}}}state"),
                flow.get(f"{{{OURS}}}refunds") == "true",
            )
            for flow in ends
        }
    return steps


@pytest.mark.parametrize("language", ["ar", "en"])
def test_bpmn_gives_the_table_back(service, language):
    document = ElementTree.fromstring(catalogue.export_bpmn(service, language=language))
    assert steps_of(document) == {
        (step.from_, step.verb, str(step.by), step.when, step.to, step.refunds) for step in service.process.steps
    }
    ends = {node.get(f"{{{OURS}}}state") for node in document.iter(f"{{{MODEL}}}endEvent")}
    assert ends == set(service.process.end)


def test_bpmn_types_its_tasks_by_who_acts(service):
    document = ElementTree.fromstring(catalogue.export_bpmn(service))
    for step in service.process.steps:
        [task] = document.findall(f".//*[@id='{step.verb}_{step.from_}_{step.by}']")
        assert task.tag == f"{{{MODEL}}}{TASKS[step.by]}"
    durations = [node.text for node in document.iter(f"{{{MODEL}}}timeDuration")]
    assert durations
    assert all(text.startswith("P") and text.endswith("D") for text in durations)


def test_everything_of_bpmn_is_drawn_once_and_inside_its_pool(service):
    document = ElementTree.fromstring(catalogue.export_bpmn(service))
    process = document.find(f"{{{MODEL}}}process")
    nodes = {node.get("id") for node in process if node.tag != f"{{{MODEL}}}laneSet"}
    drawn = [
        shape.get("bpmnElement") for tag in ("BPMNShape", "BPMNEdge") for shape in document.iter(f"{{{DIAGRAM}}}{tag}")
    ]
    assert len(drawn) == len(set(drawn))
    assert nodes <= set(drawn)
    boxes = {
        shape.get("bpmnElement"): tuple(
            float(shape.find(f"{{{SHAPES}}}Bounds").get(name)) for name in ("x", "y", "width", "height")
        )
        for shape in document.iter(f"{{{DIAGRAM}}}BPMNShape")
    }
    pool = boxes.pop("participant")
    flat = {name: box for name, box in boxes.items() if not name.startswith("lane_")}
    assert not any(over(one, other) for one, other in combinations(flat.values(), 2))
    for point in document.iter(f"{{{LINES}}}waypoint"):
        assert 0 <= float(point.get("x")) <= pool[2]
        assert 0 <= float(point.get("y")) <= pool[3]


def test_a_service_without_a_process_draws_nothing():
    listed = next(s for s in map(catalogue.load_folder, catalogue.list_folders(settings.SERVICES_DIR)) if not s.process)
    assert catalogue.draw_process(listed, language="ar") == ""
    with pytest.raises(ValueError, match="no process"):
        catalogue.export_bpmn(listed)
