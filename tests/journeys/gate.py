"""The accessibility gate: what a machine can measure of a page that stands in the browser, in both schemes and at every width.

axe-core's colour rule leaves most Arabic out: to find icon fonts it draws letters and looks whether two of them together have the width of
one, which is how joined letters behave. A canvas whose pixels are never empty cures it. That the cure works is a test of its own.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from hukumati.config.demo.installation import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Page

AXE = "axe-core-4.14.1.js"
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
COLOUR = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
EVERYTHING = {"type": "tag", "values": STANDARD}
NARROW, PHONE, DESKTOP = 320, 390, 1280
# What is in a page depends on neither colours nor language: all rules once at each width, in Arabic. Colours do not depend on the language:
# the English page, made by the same template, is judged in the other scheme at each width. Lengths of lines are measured in every look.
LOOKS = ((PHONE, "light", EVERYTHING), (DESKTOP, "dark", EVERYTHING))
LOOKS_AGAIN = ((PHONE, "dark", COLOUR), (DESKTOP, "light", COLOUR))
HEIGHT = 900

SEE_ARABIC = """() => {
  const real = CanvasRenderingContext2D.prototype.getImageData;
  CanvasRenderingContext2D.prototype.getImageData = function (...where) {
    const seen = real.apply(this, where);
    seen.data.fill(255);
    return seen;
  };
}"""
RUN = """(only) => axe.run(document, { runOnly: only, preload: false, resultTypes: ['violations'] })
  .then(found => found.violations.flatMap(rule => rule.nodes.map(node =>
    `${rule.id} ${node.target.join(' ')}: ${(node.any[0] || node.all[0] || node.none[0] || {message: rule.help}).message}`)))"""
MEASURE = """() => {
  const found = [];
  const say = (what, element) => found.push(`${what}: ${element.tagName.toLowerCase()}${element.className ? '.' + String(element.className.baseVal ?? element.className).split(' ').join('.') : ''} "${(element.textContent || '').trim().slice(0, 40)}"`);
  const seen = element => { const box = element.getBoundingClientRect(); return box.width > 1 && box.height > 1 && getComputedStyle(element).visibility !== 'hidden'; };
  const arabic = element => [...element.childNodes].some(node => node.nodeType === 3 && /[\\u0600-\\u06ff]{2}/.test(node.data));
  const lines = element => {
    const range = document.createRange(), tops = new Set();
    for (const node of element.childNodes) {
      if (node.nodeType !== 3 || !node.data.trim()) continue;
      range.selectNodeContents(node);
      for (const box of range.getClientRects()) tops.add(Math.round(box.top / 8));
    }
    return tops.size;
  };
  const ids = [...document.querySelectorAll('[id]')].map(element => element.id);
  ids.filter((id, place) => ids.indexOf(id) !== place).forEach(id => found.push(`id twice: ${id}`));
  // The gallery shows components that bring their page's heading.
  if (document.querySelectorAll('h1').length !== 1 && !location.pathname.includes('/gallery/')) found.push(`${document.querySelectorAll('h1').length} headings of the first level`);
  for (const element of document.querySelectorAll('body *')) {
    if (!seen(element) || !arabic(element)) continue;
    const style = getComputedStyle(element), size = parseFloat(style.fontSize);
    if (!['normal', '0px'].includes(style.letterSpacing)) say(`letters spaced ${style.letterSpacing}`, element);
    if (size < 14) say(`letters of ${size} px`, element);
    const height = style.lineHeight === 'normal' ? 1.2 : parseFloat(style.lineHeight) / size;
    const aside = element.closest('[lang]').lang !== 'ar' || element.closest('h1, h2, h3, h4, legend, strong, button, .btn, .tag, .pill');
    const least = aside ? 1.25 : 1.6;
    // One line alone may be tighter than lines that stand over each other.
    if (height < (lines(element) > 1 ? least : 1.25) - 0.001) say(`lines ${height.toFixed(2)} high`, element);
  }
  for (const element of document.querySelectorAll('a, button, input, select, textarea, summary')) {
    if (!seen(element) || element.type === 'hidden') continue;
    const style = getComputedStyle(element), box = element.getBoundingClientRect();
    if (style.display === 'inline' || element.closest('.hidden-text') || element.matches('.skip, .file-native')) continue;
    const whole = element.labels && element.labels.length ? [box, ...[...element.labels].map(label => label.getBoundingClientRect())] : [box];
    if (!whole.some(each => each.width >= 24 && each.height >= 24)) say(`target of ${Math.round(box.width)} x ${Math.round(box.height)}`, element);
  }
  return found;
}"""
TEXT_SIZE = "size => { document.documentElement.style.fontSize = size }"
SCROLL = """() => {
  const room = document.documentElement.clientWidth;
  const wider = Math.max(document.documentElement.scrollWidth, document.body.scrollWidth) - room;
  if (wider <= 0) return [];
  const beyond = [...document.querySelectorAll('main *')].filter(element => {
    const box = element.getBoundingClientRect();
    return box.right > room + 0.5 || box.left < -0.5;
  });
  const last = beyond.at(-1);
  return [`scrolls sideways by ${wider} px${last ? `: ${last.tagName.toLowerCase()}.${last.className} "${last.textContent.trim().slice(0, 40)}"` : ''}`];
}"""


class Gate:
    """Looks at pages, and keeps what is wrong until the end, so that one run tells everything."""

    def __init__(self) -> None:
        self.large_letters = False  # measured where a test asks for it
        self.findings: list[str] = []
        self.pages = 0
        self.pictures = os.environ.get("HUKUMATI_PICTURES", "")

    def look(self, page: Page, name: str) -> None:
        """Everything that can be measured of the page as it stands."""
        before = page.viewport_size or {"width": DESKTOP, "height": HEIGHT}
        self.pages += 1
        page.evaluate(SEE_ARABIC)
        page.evaluate(axe_source())
        for width, scheme, rules in LOOKS if name.startswith("ar ") else LOOKS_AGAIN:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]  # light or dark
            where = f"{name} {width} {scheme}"
            self._keep(where, page.evaluate(RUN, rules))
            self._measure(page, where)
            self._picture(page, f"{name}-{width}-{scheme}")
        page.set_viewport_size({"width": NARROW, "height": HEIGHT})
        self._measure_width(page, f"{name} {NARROW}")
        self._measure_large_letters(page, name)
        page.emulate_media(color_scheme="null", reduced_motion="null")
        page.set_viewport_size(before)

    def _measure_large_letters(self, page: Page, name: str) -> None:
        """WCAG 1.4.4."""
        if not self.large_letters:
            return
        page.set_viewport_size({"width": PHONE, "height": HEIGHT})
        page.evaluate(TEXT_SIZE, "200%")
        self._measure_width(page, f"{name} {PHONE}, letters twice as large")
        page.evaluate(TEXT_SIZE, "")

    def _measure(self, page: Page, where: str) -> None:
        self._keep(where, page.evaluate(MEASURE))
        self._measure_width(page, where)

    def _measure_width(self, page: Page, where: str) -> None:
        self._keep(where, page.evaluate(SCROLL))

    def _keep(self, where: str, found: list[str]) -> None:
        self.findings += [f"{where}: {each}" for each in found]

    def _picture(self, page: Page, name: str) -> None:
        if self.pictures:
            page.screenshot(path=Path(self.pictures) / f"{name.replace('/', '_').replace(' ', '-')}.png")


@cache
def axe_source() -> str:
    """The library as `.ci/axe` has fetched it."""
    path = Path(os.environ.get("HUKUMATI_AXE", "") or ROOT / "var/axe" / AXE)
    if not path.exists():
        pytest.fail(f"no {path}: `make test` fetches it through npm, or name yours in HUKUMATI_AXE", pytrace=False)
    return path.read_text()


def count_contrast(page: Page) -> tuple[int, Any]:
    """How many elements axe finds too faint on the page as it stands."""
    page.evaluate(axe_source())
    found = page.evaluate(RUN, {"type": "rule", "values": ["color-contrast"]})
    return len(found), found
