"""The gallery in a real browser: both languages, both schemes, from 320 pixels; nothing scrolls sideways, nothing is refused by the policy."""

from __future__ import annotations

import pytest

PATHS = ("/ui/gallery/", "/ui/gallery/signed-in/", "/ui/gallery/desk/", "/help/")
WIDER_THAN_THE_PAGE = """() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"""
STRETCHED = """() => [...document.querySelectorAll('body *')].filter((node) =>
  getComputedStyle(node).letterSpacing !== 'normal' && getComputedStyle(node).letterSpacing !== '0px').length"""
SMALL_TARGETS = """() => [...document.querySelectorAll('a, button, input:not([type=hidden]), select, summary')]
  .filter((node) => { const box = node.getBoundingClientRect(); const style = getComputedStyle(node);
    return box.width && style.position !== 'absolute' && style.display !== 'inline' && (box.width < 24 || box.height < 24); })
  .map((node) => node.outerHTML.slice(0, 80))"""

NAMELESS = """() => { const words = (node) => (node.getAttribute('aria-label') || node.innerText || node.textContent || '').trim();
  const named = (node) => words(node) || [...(node.labels || [])].some((label) => words(label)) || node.getAttribute('aria-labelledby');
  return [...document.querySelectorAll('a[href], button:not([hidden]), input:not([type=hidden]), select, textarea, [role=region], nav')]
    .filter((node) => !named(node)).map((node) => node.outerHTML.slice(0, 80)); }"""
DOUBLED_IDS = """() => { const ids = [...document.querySelectorAll('[id]')].map((node) => node.id);
  return ids.filter((id, place) => ids.indexOf(id) !== place); }"""
DANGLING = """() => [...document.querySelectorAll('[aria-describedby], [aria-labelledby], label[for]')]
  .flatMap((node) => ['aria-describedby', 'aria-labelledby', 'for'].flatMap((name) => (node.getAttribute(name) || '').split(' ').filter(Boolean)))
  .filter((id) => !document.getElementById(id))"""
HEADING_JUMPS = """() => { const levels = [...document.querySelectorAll('main :is(h1, h2, h3, h4)')].map((node) => +node.tagName[1]);
  return levels.filter((level, place) => place && level > levels[place - 1] + 1); }"""


@pytest.mark.parametrize("language", ["ar", "en"])
def test_everything_has_a_name_and_every_reference_leads_somewhere(live_server, open_page, language):
    page = open_page(language=language)
    for path in (*PATHS, "/privacy/", "/accessibility/", "/offline/"):
        page.goto(f"{live_server.url}{'' if language == 'ar' else '/en'}{path}")
        for question in (NAMELESS, DOUBLED_IDS, DANGLING, HEADING_JUMPS):
            assert page.evaluate(question) == [], path
        assert page.locator("h1").count() >= 1
        assert page.locator("main").count() == 1


WINDOWS = (("light", 320), ("light", 390), ("dark", 390), ("light", 1280), ("dark", 1280))


@pytest.mark.parametrize("language", ["ar", "en"])
def test_gallery_fits_and_obeys_the_policy(live_server, open_page, language):
    page = open_page(language=language)
    for path in PATHS:
        page.goto(f"{live_server.url}{'' if language == 'ar' else '/en'}{path}")
        page.evaluate("document.fonts.ready")
        assert page.evaluate("document.fonts.check('700 16px \"Hukumati Sans\"', 'حكومتي')")
        for scheme, width in WINDOWS:
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": 900})
            wide, shown = page.evaluate(WIDER_THAN_THE_PAGE)
            assert wide <= shown, f"{path} is {wide} wide in a window of {shown}"
            assert page.evaluate(STRETCHED) == 0
            assert page.evaluate(SMALL_TARGETS) == [], (path, scheme, width)


def test_the_error_summary_takes_focus_and_leads_to_the_field(live_server, open_page):
    page = open_page(f"{live_server.url}/ui/gallery/")
    assert page.evaluate("document.activeElement.className") == "errors"
    page.click(".errors a[href='#f-id']")
    assert page.evaluate("document.activeElement.id") == "f-id"


def test_suggestions_come_while_typing(live_server, open_page):
    page = open_page(f"{live_server.url}/ui/gallery/")
    page.locator("#search").press_sequentially("رخصة")
    page.wait_for_selector("#search-suggestions a")
    assert "رخصة" in page.inner_text("#search-suggestions")


def test_markup_that_comes_later_cannot_bring_code(live_server, open_page):
    """What htmx or a careless script would insert passes the one door, which lets no script, handler or style through."""
    page = open_page(f"{live_server.url}/help/", expect=("Content Security Policy",))
    page.evaluate(
        """() => { const box = document.createElement('div'); document.body.append(box);
        box.innerHTML = '<b onclick="x()" style="color:red">b</b><script>window.owned = 1</script><template><img src=x onerror="x()"></template>'; window.box = box; }"""
    )
    assert page.evaluate("window.box.innerHTML") == '<b>b</b><template><img src="x"></template>'
    assert page.evaluate("window.owned") is None


def test_a_chosen_file_is_named(live_server, open_page):
    page = open_page(f"{live_server.url}/ui/gallery/")
    page.set_input_files("#f-scan", {"name": "هوية.pdf", "mimeType": "application/pdf", "buffer": b"x"})
    assert page.inner_text(".file-name") == "هوية.pdf"


@pytest.mark.parametrize("javascript", [True, False])
def test_the_scheme_is_switched_and_stays(live_server, open_page, javascript):
    page = open_page(f"{live_server.url}/help/", javascript=javascript)
    page.click(".scheme button[value=dark]")
    page.wait_for_url("**/help/")
    assert page.get_attribute("html", "data-scheme") == "dark"
    page.goto(f"{live_server.url}/privacy/")
    assert page.get_attribute("html", "data-scheme") == "dark"


def test_without_a_connection_our_own_page_is_shown_and_nothing_private_is_kept(live_server, open_page):
    page = open_page(f"{live_server.url}/help/", expect=("ERR_INTERNET_DISCONNECTED",))
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    page.goto(f"{live_server.url}/privacy/")
    page.context.set_offline(True)
    page.goto(f"{live_server.url}/applications/")
    assert page.inner_text("h1") == "لا يوجد اتصال"
    page.goto(f"{live_server.url}/en/services/")
    assert page.inner_text("h1") == "No connection"
    kept = page.evaluate(
        "caches.keys().then((names) => Promise.all(names.map((name) => caches.open(name).then((cache) => cache.keys())))).then((all) => all.flat().map((request) => new URL(request.url).pathname))"
    )
    assert [path for path in kept if not path.startswith("/static/")] == ["/offline/", "/en/offline/"]
