"""The process as an SVG picture: a card for each state with the steps that lead out of it, and a line from each step to where it leads.

Words stand inside the cards, so that nothing overlaps; who acts is told by colour and by shape. Arabic reads from the right.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from hukumati.domain.catalogue.drawing import layers, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hukumati.domain.catalogue.facts import ServiceVersion
    from hukumati.kernel.process import Process, Step

WIDTH, HEAD, ROW, ROW_WITH_CONDITION, GAP_ACROSS, GAP_DOWN, MARGIN = 290, 58, 29, 48, 80, 26, 16
STATION, LEGEND = 10, 40
ARROW = 9
LETTERS_MAX = 32
SHAPES = {  # around a middle of 0,0
    "citizen": '<circle r="6"/>',
    "party": '<path d="M0-7 6 0 0 7-6 0Z"/>',
    "clerk": '<rect x="-6" y="-6" width="12" height="12" rx="2"/>',
    "counter": '<path d="M-6-6h12L3 6h-6z"/>',
    "ledger": '<path d="M-6 0-3-6h6L6 0 3 6h-6z"/>',
    "system": '<path d="M-6 6 0-6 6 6z"/>',
    "clock": '<path d="M-6-6H6L-6 6H6Z"/>',
}
PLAIN_STYLE = """
.process{font-family:"IBM Plex Sans Arabic",sans-serif;background:#fff}.process-card{fill:#fff;stroke:#5b6b60}.process-end{fill:#eef2ef;stroke:#5b6b60}
.process-head{font-size:16px;font-weight:600;fill:#14261b}.process-small{font-size:14px;fill:#4a5a50}.process-verb{font-size:15px;fill:#14261b}
.process-line{fill:none;stroke:#5b6b60;stroke-width:1.5}.process-arrow{fill:#5b6b60}
.process-citizen{fill:#176b45;stroke:#176b45}.process-party{fill:#00677f;stroke:#00677f}.process-clerk{fill:#1f4e9c;stroke:#1f4e9c}
.process-counter{fill:#7a3e9d;stroke:#7a3e9d}.process-ledger{fill:#8a6100;stroke:#8a6100}.process-system{fill:#4a5a50;stroke:#4a5a50}
.process-clock{fill:#a8321f;stroke:#a8321f}.process-line[class*=" process-"]{fill:none}
"""


@dataclass(frozen=True, slots=True)
class _Card:
    state: str
    x: float
    y: float
    steps: tuple[Step, ...]
    ends: bool

    @property
    def height(self) -> float:
        return HEAD + sum(map(_row_height, self.steps)) + (8 if self.steps else 0)

    def row_y(self, index: int) -> float:
        """The middle of a step's first line."""
        return self.y + HEAD + sum(map(_row_height, self.steps[:index])) + ROW / 2


def draw(service: ServiceVersion, *, language: str, standalone: bool = False) -> str:
    """An `<svg>`; `standalone` brings its own colours, otherwise the page's stylesheet gives them. Empty for a service without a process."""
    return _Picture(service, service.process, language).svg(standalone=standalone) if service.process else ""


class _Picture:
    def __init__(self, service: ServiceVersion, process: Process, language: str) -> None:
        self.service, self.process, self.language = service, process, language
        self.other = "en" if language == "ar" else "ar"
        edges = list(dict.fromkeys((step.from_, step.to) for step in process.steps))
        self.column = layers.columns(process.start, edges)
        self.back = layers.going_back(process.start, edges)
        self.passed = layers.stations(self.column, edges)
        self.cards, self.heights = self._placed(layers.ordered(self.column, self.passed))
        bottom = max([card.y + card.height for card in self.cards.values()] + list(self.heights.values()))
        self.width = 2 * MARGIN + (1 + max(self.column.values())) * (WIDTH + GAP_ACROSS) - GAP_ACROSS
        self.height = bottom + MARGIN + LEGEND

    def svg(self, *, standalone: bool) -> str:
        title = f"{self.service.name.in_(self.language)}, v{self.service.version}"
        style = f"<style>{PLAIN_STYLE}</style>" if standalone else ""
        direction = "rtl" if self.language == "ar" else "ltr"
        lines = "".join(self._line(card, index) for card in self.cards.values() for index in range(len(card.steps)))
        cards = "".join(map(self._card, self.cards.values()))
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="process" role="img" direction="{direction}" lang="{self.language}" '
            f'width="{self.width:g}" height="{self.height:g}" viewBox="0 0 {self.width:g} {self.height:g}">'
            f"<title>{escape(title)}</title>{style}{lines}{cards}{self._legend()}</svg>"
        )

    def _placed(self, rows: Sequence[Sequence[str]]) -> tuple[dict[str, _Card], dict[str, float]]:
        """Columns stand beside each other with their middles in one line; a station is a narrow gap for a line to pass."""
        cards: dict[str, _Card] = {}
        heights: dict[str, float] = {}
        tallest = max(sum(self._tall(node) for node in row) + GAP_DOWN * (len(row) - 1) for row in rows)
        for number, row in enumerate(rows):
            y = MARGIN + (tallest - sum(map(self._tall, row)) - GAP_DOWN * (len(row) - 1)) / 2
            for node in row:
                if node in self.column:
                    cards[node] = _Card(
                        node,
                        MARGIN + number * (WIDTH + GAP_ACROSS),
                        y,
                        self.process.from_state(node),
                        node in self.process.end,
                    )
                else:
                    heights[node] = y + STATION / 2
                y += self._tall(node) + GAP_DOWN
        return cards, heights

    def _tall(self, node: str) -> float:
        return _Card(node, 0, 0, self.process.from_state(node), False).height if node in self.column else STATION

    def _card(self, card: _Card) -> str:
        text = self.service.state_text(card.state)
        kind, round_ = ("process-end", HEAD / 2) if card.ends else ("process-card", 8)
        parts = [
            f'<rect class="{kind}" x="{self._left(card.x, WIDTH):g}" y="{card.y:g}" width="{WIDTH}" height="{card.height:g}" rx="{round_:g}"/>',
            self._text("process-head", card.x + 14, card.y + 24, text.in_(self.language), language=self.language),
            self._text("process-small", card.x + 14, card.y + 45, text.in_(self.other), language=self.other),
        ]
        return "<g>" + "".join(parts) + "".join(self._row(card, index) for index in range(len(card.steps))) + "</g>"

    def _row(self, card: _Card, index: int) -> str:
        step, y = card.steps[index], card.row_y(index)
        limit = words.days(step.within_days).in_(self.language) if step.within_days else ""
        joint = "، " if self.language == "ar" else ", "
        said = joint.join(part for part in (words.verb(step.verb).in_(self.language), limit) if part)
        shape = f'<g class="process-{step.by}" transform="translate({self._x(card.x + 20):g} {y:g})"><title>{escape(words.actor(step.by).in_(self.language))}</title>{_shape(step)}</g>'
        when = self._text("process-small", card.x + 34, y + 22, step.when, language="en") if step.when else ""
        return shape + self._text("process-verb", card.x + 34, y + 5, said, language=self.language) + when

    def _text(self, kind: str, x: float, y: float, said: str, *, language: str) -> str:
        """A text of the other language keeps its own direction and stands at the same edge of the card."""
        own = "rtl" if language == "ar" else "ltr"
        anchor = "start" if language == self.language else "end"
        short = said if len(said) <= LETTERS_MAX else said[: LETTERS_MAX - 1] + "…"
        return (
            f'<text class="{kind}" x="{self._x(x):g}" y="{y:g}" direction="{own}" text-anchor="{anchor}" lang="{language}">'
            f"{escape(short)}</text>"
        )

    def _line(self, card: _Card, index: int) -> str:
        step = card.steps[index]
        target, goes_back = self.cards[step.to], (step.from_, step.to) in self.back
        begin = (card.x + (0 if goes_back else WIDTH), card.row_y(index))
        end = (target.x + (WIDTH + ARROW if goes_back else -ARROW), target.y + HEAD / 2)
        between = self.passed[step.from_, step.to]
        points = [begin]
        for station in between:
            x = MARGIN + int(station.rpartition("@")[2]) * (WIDTH + GAP_ACROSS)
            sides = (x + WIDTH, x) if goes_back else (x, x + WIDTH)
            points += [(side, self.heights[station]) for side in sides]
        path = _curve([(self._x(x), y) for x, y in [*points, end]])
        ahead = -1 if goes_back is not (self.language == "ar") else 1
        tip_x, tip_y = self._x(end[0]), end[1]
        shape = f"M{tip_x + ahead * ARROW:g} {tip_y:g}L{tip_x:g} {tip_y - 4.5:g}V{tip_y + 4.5:g}Z"
        arrow = f'<path class="process-arrow process-{step.by}" d="{shape}"/>'
        return f'<path class="process-line process-{step.by}" d="{path}"/>{arrow}'

    def _legend(self) -> str:
        """Who is who: only those who act here."""
        parts, x, y = [], float(MARGIN + 8), self.height - LEGEND / 2
        for by in dict.fromkeys(step.by for step in self.process.steps):
            said = words.actor(by).in_(self.language)
            step = next(step for step in self.process.steps if step.by == by)
            parts.append(f'<g class="process-{by}" transform="translate({self._x(x):g} {y:g})">{_shape(step)}</g>')
            parts.append(self._text("process-small", x + 12, y + 4, said, language=self.language))
            x += 46 + 8 * len(said)
        return "".join(parts)

    def _x(self, x: float) -> float:
        return self.width - x if self.language == "ar" else x

    def _left(self, x: float, width: float) -> float:
        return self.width - x - width if self.language == "ar" else x


def _row_height(step: Step) -> int:
    return ROW_WITH_CONDITION if step.when else ROW


def _shape(step: Step) -> str:
    return SHAPES.get(str(step.by), SHAPES["system"])


def _curve(points: Sequence[tuple[float, float]]) -> str:
    """Level at each point, bent between columns, straight along a station."""
    (x, y), rest = points[0], points[1:]
    path = f"M{x:g} {y:g}"
    for number, (to_x, to_y) in enumerate(rest):
        middle = (x + to_x) / 2
        path += f"H{to_x:g}" if number % 2 and to_y == y else f"C{middle:g} {y:g} {middle:g} {to_y:g} {to_x:g} {to_y:g}"
        x, y = to_x, to_y
    return path
