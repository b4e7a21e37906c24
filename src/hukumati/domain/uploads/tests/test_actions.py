"""What is kept, by whom it is read, and when it ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils.timezone import now

from hukumati.domain.uploads import api as uploads
from hukumati.domain.uploads.models import Upload
from hukumati.domain.uploads.tests.builders import PORTRAIT, a_bomb, a_portrait
from hukumati.kernel.actor import Actor, ActorKind

pytestmark = pytest.mark.django_db
CASE, OTHER = "A-2026-2222AAAA", "A-2026-3333BBBB"
CITIZEN = Actor(ActorKind.CITIZEN, "P-2026-2222AAAA")


def handed_in(about=CASE, *, at=None):
    return uploads.take(about, field="photo", content=a_portrait(), limits=PORTRAIT, at=at or now())


def kept(about=CASE, *, at=None):
    taken = handed_in(about, at=at)
    return uploads.keep(taken.reference, about=about, by=CITIZEN, at=at or now())


def files(shelf):
    return sorted(path.name for path in shelf.rglob("*") if path.is_file())


def test_what_is_kept_is_given_back_to_its_case_alone(shelf):
    photo = kept()
    assert uploads.read(photo.reference, about=CASE).content.startswith(b"\xff\xd8\xff")
    assert uploads.find_kept(photo.reference, about=CASE) == photo
    assert uploads.find_kept(photo.reference, about=OTHER) is None
    assert files(shelf) == [f"{photo.sha256}.jpeg"]
    with pytest.raises(uploads.UploadNotFound):
        uploads.read(photo.reference, about=OTHER)
    with pytest.raises(uploads.UploadNotFound):
        uploads.keep(photo.reference, about=OTHER, by=CITIZEN, at=now())


def test_what_is_refused_leaves_nothing(shelf):
    with pytest.raises(uploads.TooManyPixels):
        uploads.take(CASE, field="photo", content=a_bomb(), limits=PORTRAIT, at=now())
    assert not Upload.objects.exists()
    assert files(shelf) == []


def test_what_nobody_has_kept_yet_is_read_by_nobody():
    with pytest.raises(uploads.UploadNotFound):
        uploads.read(handed_in().reference, about=CASE)


def test_what_was_let_go_ends_with_its_bytes_and_the_row_stays(shelf):
    old, new, others = kept(), kept(), kept(OTHER)
    assert uploads.release(CASE, but=[new.reference], at=now()) == 1
    assert uploads.release(CASE, but=[new.reference], at=now()) == 0
    with pytest.raises(uploads.UploadNotFound):
        uploads.read(old.reference, about=CASE)
    assert uploads.end_given_up(at=now()) == 1
    assert uploads.end_given_up(at=now()) == 0
    assert len(files(shelf)) == 2
    assert Upload.objects.get(reference=old.reference).ended_at is not None
    for photo, about in ((new, CASE), (others, OTHER)):
        assert uploads.read(photo.reference, about=about).content


def test_what_a_broken_request_left_ends_after_an_hour_and_not_before(shelf):
    taken = handed_in()
    assert uploads.end_given_up(at=now()) == 0
    assert uploads.end_given_up(at=now() + timedelta(hours=1, seconds=1)) == 1
    assert files(shelf) == []
    with pytest.raises(uploads.UploadNotFound):
        uploads.keep(taken.reference, about=CASE, by=CITIZEN, at=now())


def test_the_database_keeps_what_was_handed_in_as_it_was():
    photo = kept()
    row = Upload.objects.filter(reference=photo.reference)
    for change in ({"about": OTHER}, {"sha256": "0" * 64}, {"field": "other"}):
        with pytest.raises(ProgrammingError, match="pgtrigger"), transaction.atomic():
            row.update(**change)
    with pytest.raises(ProgrammingError, match="pgtrigger"), transaction.atomic():
        row.delete()
    with pytest.raises(IntegrityError, match="upload_ended_only_when_nobody_keeps_it"), transaction.atomic():
        row.update(ended_at=now())
