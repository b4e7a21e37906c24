"""Questions: what people really type is understood, and what is wrong is said at the field and in the summary."""

from __future__ import annotations

from datetime import date

import pytest
from django import forms as django_forms
from django.template import engines
from django.utils import translation

from hukumati.web.ui import forms
from hukumati.web.ui.fields import Field, Option, fields_of, problems_of


class Asking(forms.Form):
    number = forms.NationalIdField()
    mobile = forms.PhoneField()
    born = forms.DateField(latest=date(2026, 11, 23))
    code = forms.OneTimeCodeField(required=False)
    way = django_forms.ChoiceField(choices=[("card", "Card"), ("cash", "Cash")], widget=django_forms.RadioSelect)
    word = django_forms.CharField(widget=django_forms.PasswordInput)


GOOD = {
    "number": "٩٠٠-١٢٣ ٤٥٧",
    "mobile": "059 123-4567",
    "born_day": "٢٧",
    "born_month": "3",
    "born_year": "1989",
    "way": "card",
    "word": "x",
}


def draw(template, **context):
    source = '{% from "ui/components.html" import field, form_fields, error_summary, search_box %}' + template
    return engines["jinja2"].from_string(source).render(context)


def test_sloppy_input_is_understood():
    form = Asking(GOOD)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["number"] == "900123457"
    assert form.cleaned_data["mobile"] == "+970591234567"
    assert form.cleaned_data["born"] == date(1989, 3, 27)
    assert form.cleaned_data["code"] == ""


@pytest.mark.parametrize("typed", ["0591234567", "+970 59 123 4567", "00970591234567", "591234567", "970-59-1234567"])
def test_a_mobile_number_is_understood_however_it_is_written(typed):
    assert forms.PhoneField().clean(typed) == "+970591234567"


def test_an_israeli_prefix_is_kept():
    assert forms.PhoneField().clean("+972561234567") == "+972561234567"


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("number", "12345678"),
        ("number", "1234567890"),
        ("number", "abcdefghi"),
        ("mobile", "022987654"),
        ("mobile", "05912345678"),
        ("born_day", "31"),
        ("born_year", "1989" * 30),
        ("born_year", "2999"),
        ("born_month", ""),
        ("code", "12345"),
        ("way", "gold"),
    ],
)
def test_what_cannot_be_right_is_refused_and_kept_on_the_page(name, typed):
    wrong = {**GOOD, name: typed} if name != "born_day" else {**GOOD, "born_day": "31", "born_month": "2"}
    form = Asking(wrong)
    assert not form.is_valid()
    field = name.split("_")[0]
    assert list(form.errors) == [field]
    page = draw("{{ error_summary(problems_of(form)) }}{{ form_fields(form) }}", form=form)
    assert 'role="alert"' in page
    assert str(form.errors[field][0]) in page
    assert page.count('aria-invalid="true"') >= (0 if field == "way" else 1)
    if field != "way":
        assert f'value="{typed}"' in page
    target = problems_of(form)[0].target
    assert f'id="{target}"' in page


def test_a_password_is_never_given_back():
    assert 'value="secret"' not in draw("{{ form_fields(form) }}", form=Asking({"word": "secret"}))


def test_hostile_input_is_escaped_wherever_it_comes_back():
    attack = '"><script>alert(1)</script>'
    page = draw("{{ form_fields(form) }}", form=Asking({**GOOD, "number": attack, "born_day": attack}))
    assert "<script>" not in page
    kinds = ("text", "textarea", "search", "email", "phone", "show", "money", "hidden")
    for kind in kinds:
        assert "<script>" not in draw("{{ field(f) }}", f=Field("a", attack, kind, attack, hint=attack, error=attack))
    assert "<script>" not in draw(
        "{{ field(f) }}", f=Field("a", "A", "cards", options=(Option(attack, attack, attack),))
    )
    assert "<script>" not in draw('{{ search_box("/", value=typed) }}', typed=attack)


def test_every_input_has_a_label_and_names_its_hint_and_error():
    page = draw("{{ field(f) }}", f=Field("id", "ID", "national_id", hint="h", error="e"))
    assert '<label class="label" for="f-id">' in page
    assert 'aria-describedby="f-id-hint f-id-error"' in page
    assert 'dir="ltr"' in page


def test_a_kind_that_nobody_knows_is_an_error():
    with pytest.raises(ValueError, match="no known kind"):
        Field("a", "A", "colour")


def test_general_problems_come_first_and_link_nowhere():
    form = Asking({})
    form.is_valid()
    form.add_error(None, "All of it is wrong")
    problems = problems_of(form)
    assert problems[0].message == "All of it is wrong"
    assert problems[0].target == ""
    assert len(fields_of(form)) == 6


def test_the_summary_counts_as_arabic_counts():
    with translation.override("ar"):
        one = draw("{{ error_summary(problems_of(fields)) }}", fields=[Field("a", "A", error="x")])
        two = draw("{{ error_summary(problems_of(fields)) }}", fields=[Field(name, "A", error="x") for name in "ab"])
        four = draw("{{ error_summary(problems_of(fields)) }}", fields=[Field(name, "A", error="x") for name in "abcd"])
    assert "هناك مشكلة" in one
    assert "هناك مشكلتان" in two
    assert "هناك 4 مشكلات" in four
