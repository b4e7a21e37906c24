"""Every component on one page, with invented content: what designers look at and what the accessibility gate measures. Never in production."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hukumati.domain.exchange.api import RegistryUnreachableError
from hukumati.domain.identity.api import CitizenFacts, PersonName
from hukumati.domain.payments.ports import ProviderUnreachableError
from hukumati.kernel.money import Money
from hukumati.kernel.national_id import NationalId
from hukumati.kernel.text import Text
from hukumati.web.ui import answers
from hukumati.web.ui.access import public
from hukumati.web.ui.cases.options import governorates
from hukumati.web.ui.fields import Field, Option, Row, problems_of
from hukumati.web.ui.refusal_texts import TEXTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

A_DAY: Final = date(2026, 11, 12)
A_MOMENT: Final = datetime(2026, 11, 12, 12, 30, tzinfo=UTC)
A_CITIZEN: Final = CitizenFacts(
    account_id=0,
    reference="P-2026-GALLERY1",
    national_id=NationalId("900123457"),
    name=PersonName("عبدالرحمن", "يوسف", "خليل", "الأحمد", "Abdelrahman", "Yousef", "Khalil", "Alahmad"),
    birth_date=date(1989, 3, 27),
    mobile="+970591234567",
    email="",
    language="ar",
    public_employee=False,
)
ERRORS: Final[dict[str, Callable[[], answers.ErrorPage]]] = {
    "400": answers.bad_request_page,
    "403": answers.forbidden_page,
    "404": answers.not_found_page,
    "422": lambda: answers.refused_page("payments.charge_expired", str(TEXTS["payments.charge_expired"])),
    "429": answers.too_many_page,
    "500": answers.fault_page,
    "503": answers.unavailable_page,
    "form-expired": answers.form_expired_page,
    "registry-down": lambda: answers.unreachable_page(RegistryUnreachableError("civil")),
    "payment-unknown": lambda: answers.unreachable_page(ProviderUnreachableError()),
}


@public
@require_GET
def components(request: HttpRequest) -> HttpResponse:
    """Every component of the portal."""
    fields = _fields()
    return render(
        request,
        "ui/gallery.html",
        {**_content(), "fields": fields, "problems": problems_of(fields), "errors": tuple(ERRORS)},
    )


@public
@require_GET
def signed_in(request: Any) -> HttpResponse:
    """The portal's pages as a citizen sees them; she is invented."""
    request.citizen = A_CITIZEN
    return components(request)


@public
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """The desk's layout and its dense components."""
    navigation = [
        {"text": _("Waiting for me"), "href": "#main", "icon": "inbox", "count": 24, "current": True},
        {"text": _("Under review"), "href": "#main", "icon": "clock", "count": 61},
        {"text": _("Waiting for the citizen"), "href": "#main", "icon": "undo-2", "count": 18},
        {"text": _("Overdue"), "href": "#main", "icon": "triangle-alert", "count": 5},
        {"group": _("Counter")},
        {"text": _("Take cash"), "href": "#main", "icon": "banknote"},
        {"text": _("Hand over"), "href": "#main", "icon": "package"},
    ]
    return render(request, "ui/gallery_desk.html", {**_content(), "gallery_nav": navigation})


@public
@require_GET
def suggestions(request: HttpRequest) -> HttpResponse:
    """What a search box gets while somebody types."""
    return render(request, "ui/gallery_suggestions.html", {"typed": request.GET.get("q", "")[:100]})


@public
@require_GET
def error(request: HttpRequest, name: str) -> HttpResponse:
    """An error page as it would come, with its own status."""
    made = ERRORS.get(name)
    if made is None:
        raise Http404
    return answers.answer(request, made())


def _fields() -> tuple[Field, ...]:
    return (
        Field("first", _("First name"), value="محمد"),
        Field("father", _("Father's name"), value="يوسف"),
        Field("grandfather", _("Grandfather's name"), value="خليل"),
        Field("family", _("Family name"), error=_("Enter the family name as it is on the identity card")),
        Field(
            "id",
            _("ID number"),
            "national_id",
            "90012345",
            hint=_("9 digits, as printed on the identity card"),
            error=_("The ID number has 9 digits"),
        ),
        Field("mobile", _("Mobile number"), "phone", "59 123 4567"),
        Field(
            "born",
            _("Date of birth"),
            "date",
            ("27", "3", ""),
            hint=_("For example 27 3 1989"),
            error=_("Enter day, month and year"),
        ),
        Field(
            "scan",
            _("Copy of the identity card"),
            "file",
            hint=_("A picture or a PDF, at most 5 MB"),
            accept=".pdf,image/*",
        ),
        Field(
            "office",
            _("Where do you want to pick it up?"),
            "select",
            "ram",
            options=(Option("ram", _("Ramallah post office")), Option("nab", _("Nablus post office"))),
        ),
        Field("code", _("One-time code"), "otp", hint=_("6 digits, sent to your mobile")),
        Field("word", _("Password"), "password", autocomplete="current-password"),
        Field("amount", _("Amount received"), "money", "60.00"),
        Field("mail", _("E-mail"), "email", optional=True),
        Field("note", _("Anything else that the office should know"), "textarea", optional=True),
        Field(
            "language",
            _("Language of the document"),
            "choice",
            "ar",
            options=(Option("ar", _("Arabic")), Option("en", _("English")), Option("both", _("Both"))),
        ),
        Field(
            "about",
            _("What do you want to be told about?"),
            "checkboxes",
            ("sms",),
            options=(Option("sms", _("By SMS")), Option("mail", _("By e-mail"))),
        ),
        Field(
            "fines",
            _("Fines to pay"),
            "check_cards",
            ("1",),
            options=(
                Option("1", _("Speed above the limit"), _("Ramallah, 12 November 2026")),
                Option("2", _("Parking on the pavement"), _("Nablus, 3 October 2026")),
            ),
        ),
        _people_field(),
        Field("income", _("Monthly income"), "money", "1,250.50", hint=_("In shekels")),
        Field("reach", _("Mobile of the landlord"), "mobile", "059 123 4567"),
        Field("account", _("Account for the refund (IBAN)"), "iban", "PS92 PALS 0000 0000 0400 1234 5670 2", width=35),
        Field("home", _("Where you live"), "place", ("nablus", "nablus-huwara"), groups=governorates()),
        _rows_field(),
        Field("agree", _("I have read how my data is used"), "confirm"),
        Field(
            "known",
            _("Full name in the civil registry"),
            "show",
            "محمد يوسف خليل الأحمد",
            hint=_("If this is wrong, visit the civil registry"),
        ),
    )


def _people_field() -> Field:
    """A family beside the list of those insured now."""
    born = Option("born", _("Born"))
    works = Option("works", _("Works and has cover of their own"))
    return Field(
        "dependants",
        _("Who is insured with you"),
        "check_cards",
        ("a", "b"),
        options=(
            Option(
                "a",
                "ليان طارق الزيتاوي",
                _("Son or daughter"),
                tag=(_("In the list now"), "ok"),
                more=Field("why_a", _("Why does %(name)s leave?") % {"name": "ليان"}, "select", options=(works,)),
                more_when="left",
            ),
            Option(
                "b",
                "يوسف طارق الزيتاوي",
                _("Son or daughter"),
                more=Field("why_b", _("Why is %(name)s added?") % {"name": "يوسف"}, "select", "born", options=(born,)),
            ),
            Option("c", "سلمى محمود العطار", _("Husband or wife"), disabled=True),
        ),
    )


def _rows_field() -> Field:
    """A small form several times over, with an error in its second row."""
    name, error = _("Name of the school"), _("Answer “%(label)s”") % {"label": _("Name of the school")}
    return Field(
        "schools",
        _("Schools"),
        "rows",
        hint=_("The latest first"),
        table=(
            Row(0, (Field("schools.0.name", name, value="مدرسة نابلس الثانوية"),)),
            Row(1, (Field("schools.1.name", name, error=error),)),
        ),
    )


def _content() -> dict[str, Any]:
    return {
        "a_day": A_DAY,
        "a_moment": A_MOMENT,
        "lately": timezone.now() - timedelta(minutes=3),
        "reference": "A-2026-7K3QX9BM",
        "fee": Money(5000),
        "total": Money(6000),
        "nothing": Money(0),
        "lines": (
            {
                "name": Text("رسم الخدمة", "Service fee"),
                "amount": Money(5000),
                "basis": Text("نظام الرسوم، المادة 9", "Fee regulation, article 9"),
            },
            {
                "name": Text("نسخة مصدّقة", "Certified copy"),
                "amount": Money(1000),
                "quantity": 2,
                "unit": Money(500),
                "basis": Text("نظام الرسوم، المادة 11", "Fee regulation, article 11"),
            },
        ),
        "ways": (
            Option("card", _("Bank card"), _("Visa or Mastercard, paid at once"), "credit-card"),
            Option("cash", _("Cash at a post office"), _("You get a code that is valid for 7 days"), "banknote"),
        ),
    }
