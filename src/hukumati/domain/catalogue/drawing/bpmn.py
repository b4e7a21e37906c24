"""The process as BPMN 2.0 XML with its drawing, for whoever uses a modeller. What the table says is all there; the table stays the truth.

A state where somebody must act is a gateway with the state's words; each verb is a task in the lane of its actor; where conditions decide
where a verb leads, a gateway follows its task. What BPMN has no word for stands in attributes of our own namespace.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from hukumati.domain.catalogue.drawing import layers, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hukumati.domain.catalogue.facts import ServiceVersion
    from hukumati.kernel.process import Process, Step

MODEL: Final = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DIAGRAM: Final = "http://www.omg.org/spec/BPMN/20100524/DI"
SHAPES: Final = "http://www.omg.org/spec/DD/20100524/DC"
LINES: Final = "http://www.omg.org/spec/DD/20100524/DI"
INSTANCE: Final = "http://www.w3.org/2001/XMLSchema-instance"
OURS: Final = "https://hukumati.example/bpmn"
PREFIXES = {"bpmn": MODEL, "bpmndi": DIAGRAM, "dc": SHAPES, "di": LINES, "xsi": INSTANCE, "hukumati": OURS}
TASKS = {
    "citizen": "userTask",
    "party": "userTask",
    "clerk": "userTask",
    "counter": "userTask",
    "ledger": "receiveTask",  # the ledger's word that the fee is paid
    "system": "serviceTask",
    "clock": "intermediateCatchEvent",
}
SIZES = {"startEvent": (36, 36), "endEvent": (36, 36), "exclusiveGateway": (50, 50), "intermediateCatchEvent": (36, 36)}
TASK_SIZE = (120, 64)
ACROSS, DOWN, LANE_PADDING, LANE_HEAD, POOL_HEAD = 190, 92, 52, 30, 30
TURN, CHANNEL, CHANNELS_MAX = 22, 6, 6


@dataclass
class _Node:
    id: str
    tag: str
    name: str
    lane: str
    attributes: dict[str, str] = field(default_factory=dict)
    days: int = 0
    default: str = ""
    x: float = 0
    y: float = 0

    @property
    def size(self) -> tuple[int, int]:
        return SIZES.get(self.tag, TASK_SIZE)


@dataclass(frozen=True)
class _Flow:
    id: str
    source: str
    target: str
    condition: str = ""
    refunds: bool = False


def export(service: ServiceVersion, *, language: str = "ar") -> str:
    """The document as text. Raises ValueError for a service without a process: there is nothing to draw."""
    if service.process is None:
        raise ValueError(f"{service.id} has no process")
    return _Export(service, service.process, language).document()


class _Export:
    def __init__(self, service: ServiceVersion, process: Process, language: str) -> None:
        self.service, self.process, self.language = service, process, language
        self.nodes: dict[str, _Node] = {}
        self.flows: list[_Flow] = []
        self.lanes = list(dict.fromkeys(str(step.by) for step in process.steps))
        self._collect()
        self.bounds = self._place()
        self.channels: dict[str, int] = {}

    def document(self) -> str:
        for prefix, name in PREFIXES.items():
            ET.register_namespace(prefix, name)
        id_ = self.service.id.replace(".", "_")
        root = _element("definitions", id=f"definitions_{id_}", targetNamespace=OURS, exporter="Hukumati")
        pool = ET.SubElement(root, _of(MODEL, "collaboration"), {"id": "collaboration"})
        name = self.service.name.in_(self.language)
        ET.SubElement(
            pool, _of(MODEL, "participant"), {"id": "participant", "name": name, "processRef": f"process_{id_}"}
        )
        root.append(self._process(f"process_{id_}", name))
        root.append(self._diagram())
        ET.indent(root)
        text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
        return text.decode() + "\n"

    def _collect(self) -> None:
        """Nodes and flows of the table: start, a gateway for each state, a task for each verb, ends."""
        start = self.process.start
        self._node("start", "startEvent", "", self._lane_of(start))
        for state in [start, *sorted(self.process.states - self.process.end - {start})]:
            self._node(f"state_{state}", "exclusiveGateway", self._state(state), self._lane_of(state), state=state)
        for state in sorted(self.process.end):
            self._node(f"state_{state}", "endEvent", self._state(state), self._lane_of(state), state=state)
        self._flow("start", f"state_{start}")
        for state in sorted(self.process.states):
            choices = dict.fromkeys((step.verb, step.by) for step in self.process.from_state(state))
            for verb, by in choices:
                steps = [step for step in self.process.from_state(state) if (step.verb, step.by) == (verb, by)]
                self._collect_verb(state, steps)

    def _collect_verb(self, state: str, steps: Sequence[Step]) -> None:
        verb, by = steps[0].verb, str(steps[0].by)
        name = words.verb(verb).in_(self.language)
        task = self._node(f"{verb}_{state}_{by}", TASKS.get(by, "task"), name, by, verb=verb)
        task.days = max(step.within_days for step in steps)
        if any(step.needs_reason for step in steps):
            task.attributes["needsReason"] = "true"
        self._flow(f"state_{state}", task.id)
        if len(steps) == 1:
            self._flow(task.id, f"state_{steps[0].to}", refunds=steps[0].refunds)
            return
        gate = self._node(f"after_{task.id}", "exclusiveGateway", "", by)
        self._flow(task.id, gate.id)
        for step in steps:
            flow = self._flow(gate.id, f"state_{step.to}", condition=step.when, refunds=step.refunds)
            if not step.when:
                gate.default = flow.id

    def _node(self, id_: str, tag: str, name: str, lane: str, **attributes: str) -> _Node:
        self.nodes[id_] = _Node(id_, tag, name, lane, attributes)
        return self.nodes[id_]

    def _flow(self, source: str, target: str, *, condition: str = "", refunds: bool = False) -> _Flow:
        self.flows.append(_Flow(f"flow_{len(self.flows) + 1}", source, target, condition, refunds))
        return self.flows[-1]

    def _state(self, state: str) -> str:
        return self.service.state_text(state).in_(self.language)

    def _lane_of(self, state: str) -> str:
        """A state stands with those who act in it; an end with those who lead to it."""
        acting = [str(step.by) for step in self.process.from_state(state)]
        leading = [str(step.by) for step in self.process.steps if step.to == state]
        return (acting or leading)[0]

    def _place(self) -> dict[str, tuple[float, float]]:
        """Columns from left to right, as modellers draw; in each lane, what shares a column stands below each other."""
        column = layers.columns("start", [(flow.source, flow.target) for flow in self.flows])
        top = 0.0
        bounds: dict[str, tuple[float, float]] = {}
        for lane in self.lanes:
            taken: dict[int, int] = {}
            for node in (node for node in self.nodes.values() if node.lane == lane):
                number = column[node.id]
                row = taken.get(number, 0)
                taken[number] = row + 1
                width, height = node.size
                node.x = POOL_HEAD + LANE_HEAD + 40 + number * ACROSS + (TASK_SIZE[0] - width) / 2
                node.y = top + LANE_PADDING + row * DOWN + (TASK_SIZE[1] - height) / 2
            height = 2 * LANE_PADDING + DOWN * max(taken.values(), default=1) - (DOWN - TASK_SIZE[1])
            bounds[lane] = (top, height)
            top += height
        return bounds

    def _process(self, id_: str, name: str) -> ET.Element:
        process = ET.Element(_of(MODEL, "process"), {"id": id_, "name": name, "isExecutable": "false"})
        process.set(_of(OURS, "service"), self.service.id)
        process.set(_of(OURS, "version"), str(self.service.version))
        lanes = ET.SubElement(process, _of(MODEL, "laneSet"), {"id": "lanes"})
        for by in self.lanes:
            lane = ET.SubElement(
                lanes, _of(MODEL, "lane"), {"id": f"lane_{by}", "name": words.actor(by).in_(self.language)}
            )
            for node in self.nodes.values():
                if node.lane == by:
                    ET.SubElement(lane, _of(MODEL, "flowNodeRef")).text = node.id
        for node in self.nodes.values():
            process.append(self._flow_node(node))
        for flow in self.flows:
            process.append(_sequence_flow(flow))
        return process

    def _flow_node(self, node: _Node) -> ET.Element:
        told = {"id": node.id, "name": node.name, "default": node.default}
        element = ET.Element(_of(MODEL, node.tag), {key: value for key, value in told.items() if value})
        for key, value in node.attributes.items():
            element.set(_of(OURS, key), value)
        if node.days:
            element.set(_of(OURS, "withinDays"), str(node.days))
        for tag, end in (("incoming", "target"), ("outgoing", "source")):
            for flow in self.flows:
                if getattr(flow, end) == node.id:
                    ET.SubElement(element, _of(MODEL, tag)).text = flow.id
        if node.tag == "intermediateCatchEvent":
            timer = ET.SubElement(element, _of(MODEL, "timerEventDefinition"), {"id": f"timer_{node.id}"})
            expression = {"id": f"duration_{node.id}", _of(INSTANCE, "type"): "bpmn:tFormalExpression"}
            ET.SubElement(timer, _of(MODEL, "timeDuration"), expression).text = f"P{node.days}D"
        return element

    def _diagram(self) -> ET.Element:
        diagram = ET.Element(_of(DIAGRAM, "BPMNDiagram"), {"id": "diagram"})
        plane = ET.SubElement(diagram, _of(DIAGRAM, "BPMNPlane"), {"id": "plane", "bpmnElement": "collaboration"})
        width = max(node.x + node.size[0] for node in self.nodes.values()) + 60
        height = sum(height for _top, height in self.bounds.values())
        _shape(plane, "participant", (0, 0, width, height), horizontal=True)
        for by, (top, tall) in self.bounds.items():
            _shape(plane, f"lane_{by}", (POOL_HEAD, top, width - POOL_HEAD, tall), horizontal=True)
        for node in self.nodes.values():
            _shape(plane, node.id, (node.x, node.y, *node.size), gateway=node.tag == "exclusiveGateway")
        for flow in self.flows:
            edge = ET.SubElement(plane, _of(DIAGRAM, "BPMNEdge"), {"id": f"{flow.id}_di", "bpmnElement": flow.id})
            for x, y in self._waypoints(flow):
                ET.SubElement(edge, _of(LINES, "waypoint"), {"x": f"{x:g}", "y": f"{y:g}"})
        return diagram

    def _waypoints(self, flow: _Flow) -> list[tuple[float, float]]:
        """Level, upright, level. Farther than to the next column, or back, a line runs above the nodes of a lane, where nothing stands."""
        source, target = self.nodes[flow.source], self.nodes[flow.target]
        (width, height), (_, target_height) = source.size, target.size
        begin = (source.x + width, source.y + height / 2)
        end = (target.x, target.y + target_height / 2)
        before = target.x - (TASK_SIZE[0] - target.size[0]) / 2 - TURN  # between the columns, where nothing stands
        if begin[0] > end[0]:
            above, middle = self._channel(source.lane), source.x + width / 2
            return [(middle, source.y), (middle, above), (before, above), (before, end[1]), end]
        if end[0] - begin[0] > ACROSS:
            above, turn = self._channel(target.lane), begin[0] + (TASK_SIZE[0] - width) / 2 + TURN
            return [begin, (turn, begin[1]), (turn, above), (before, above), (before, end[1]), end]
        return [begin, end] if begin[1] == end[1] else [begin, (before, begin[1]), (before, end[1]), end]

    def _channel(self, lane: str) -> float:
        """The next free height above a lane's nodes."""
        self.channels[lane] = self.channels.get(lane, 0) + 1
        return self.bounds[lane][0] + CHANNEL * (1 + self.channels[lane] % CHANNELS_MAX)


def _of(namespace: str, name: str) -> str:
    return f"{{{namespace}}}{name}"


def _element(name: str, **attributes: str) -> ET.Element:
    return ET.Element(_of(MODEL, name), attributes)


def _sequence_flow(flow: _Flow) -> ET.Element:
    element = _element("sequenceFlow", id=flow.id, sourceRef=flow.source, targetRef=flow.target)
    if flow.refunds:
        element.set(_of(OURS, "refunds"), "true")
    if flow.condition:
        element.set("name", flow.condition)
        kind = {_of(INSTANCE, "type"): "bpmn:tFormalExpression"}
        ET.SubElement(element, _of(MODEL, "conditionExpression"), kind).text = flow.condition
    return element


def _shape(
    plane: ET.Element,
    of: str,
    bounds: tuple[float, float, float, float],
    *,
    horizontal: bool = False,
    gateway: bool = False,
) -> None:
    shape = ET.SubElement(plane, _of(DIAGRAM, "BPMNShape"), {"id": f"{of}_di", "bpmnElement": of})
    if horizontal:
        shape.set("isHorizontal", "true")
    if gateway:
        shape.set("isMarkerVisible", "true")
    box = dict(zip(("x", "y", "width", "height"), (f"{value:g}" for value in bounds), strict=True))
    ET.SubElement(shape, _of(SHAPES, "Bounds"), box)
