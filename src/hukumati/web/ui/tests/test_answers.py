"""When something goes wrong: the right status, plain words in the reader's language, a way on, and nothing that leaks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import pytest
from django.http import HttpResponse
from django.urls import path
from django.utils import translation

from hukumati.config import urls as config_urls
from hukumati.domain.exchange.api import RegistryAnswerError, RegistryUnreachableError
from hukumati.domain.payments.ports import ProviderUnreachableError
from hukumati.infra.http import OutsideUnreachableError, Why
from hukumati.kernel.refusal import Refused
from hukumati.web.ui import answers, refusal_texts

pytestmark = pytest.mark.django_db
SECRET = "account 4711 of somebody else"


@dataclass(eq=False)
class Unheard(Refused):
    about: str
    code: ClassVar[str] = "tests.unheard_of"


def a_refusal(code):
    return type("Made", (Unheard,), {"code": code})(SECRET)


RAISED = {
    "not-found": a_refusal("tests.thing_not_found"),
    "not-yours": a_refusal("tests.thing_not_yours"),
    "too-many": a_refusal("tests.too_many_things"),
    "drafts": a_refusal("tests.too_many_drafts"),
    "refused": a_refusal("tests.unheard_of"),
    "unavailable": a_refusal("tests.thing_unavailable"),
    "registry": RegistryUnreachableError("civil", SECRET),
    "registry-answer": RegistryAnswerError("civil", SECRET),
    "provider": ProviderUnreachableError(SECRET),
    "outside": OutsideUnreachableError("sms", Why.TIMEOUT, detail=SECRET),
    "fault": RuntimeError(SECRET),
}
STATUSES = {
    "not-found": 404,
    "not-yours": 404,
    "too-many": 429,
    "drafts": 422,
    "refused": 422,
    "unavailable": 503,
    "registry": 503,
    "registry-answer": 503,
    "provider": 503,
    "outside": 503,
    "fault": 500,
}


def raising(request, name):
    raise RAISED[name]


def posting(request):
    return HttpResponse("taken")


urlpatterns = [
    path("raise/<slug:name>/", raising),
    path("en/raise/<slug:name>/", raising),
    path("post/", posting),
    *config_urls.urlpatterns,
]
handler400 = answers.bad_request
handler403 = answers.permission_denied
handler404 = answers.page_not_found
handler500 = answers.server_error


@pytest.fixture
def visitor(settings, client):
    settings.ROOT_URLCONF = __name__
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize("name", RAISED)
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_whatever_a_view_raises_becomes_a_page(visitor, name, prefix):
    response = visitor.get(f"{prefix}/raise/{name}/")
    page = response.content.decode()
    assert response.status_code == STATUSES[name]
    assert f'lang="{"en" if prefix else "ar"}"' in page
    assert "<h1>" in page
    assert SECRET not in page
    assert "Traceback" not in page
    assert response["X-Request-Id"] in page
    assert response["Cache-Control"] == "no-store"


def test_what_is_not_there_and_what_is_not_yours_look_the_same(visitor):
    def without_number(response):
        return response.content.decode().replace(response["X-Request-Id"], "").replace("not-yours", "not-found")

    missing, foreign = visitor.get("/raise/not-found/"), visitor.get("/raise/not-yours/")
    assert without_number(missing) == without_number(foreign)


@pytest.mark.parametrize("name", ["too-many", "registry", "provider", "outside"])
def test_who_must_wait_is_told_how_long(visitor, name):
    assert int(visitor.get(f"/raise/{name}/")["Retry-After"]) >= 1


def test_htmx_puts_the_error_page_in_place_of_the_whole(visitor):
    response = visitor.get("/raise/registry/", headers={"HX-Request": "true"})
    assert response.status_code == 503
    assert response["HX-Retarget"] == "body"


def test_an_address_that_leads_nowhere_is_answered_in_its_language(visitor):
    arabic, english = visitor.get("/no/such/page/"), visitor.get("/en/no/such/page/")
    assert (arabic.status_code, english.status_code) == (404, 404)
    assert "الصفحة غير موجودة" in arabic.content.decode()
    assert "This page was not found" in english.content.decode()


def test_a_form_from_elsewhere_is_refused_with_words(settings):
    from django.test import Client

    settings.ROOT_URLCONF = __name__
    response = Client(enforce_csrf_checks=True).post("/post/")
    assert response.status_code == 403
    assert "انتهت صلاحية هذا النموذج" in response.content.decode()


def test_a_refusal_without_words_still_gets_a_sentence():
    with translation.override("ar"):
        assert refusal_texts.words_for(Unheard("x")) == "رفض النظام هذه الخطوة. لم يتغيّر شيء."


@pytest.mark.parametrize("code", sorted(refusal_texts.TEXTS))
def test_words_exist_in_arabic(code):
    words = refusal_texts.TEXTS[code]
    if not callable(words):
        with translation.override("ar"):
            assert any("ء" <= letter <= "ي" for letter in str(words)), code


def test_error_pages_ask_nothing_of_the_database(django_assert_num_queries, rf):
    request = rf.get("/somewhere/")
    with django_assert_num_queries(0):
        for made in (answers.server_error(request), answers.page_not_found(request), answers.csrf_failure(request)):
            assert b"<h1>" in made.content


def test_a_fault_page_renders_without_a_request():
    assert b"<h1>" in answers.answer(None, answers.fault_page()).content
