"""The desk's addresses, all under /desk/."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path, register_converter

from hukumati.web.desk import cashier_urls, payout_urls, sign_in_urls
from hukumati.web.desk.days import DayConverter
from hukumati.web.desk.pages import (
    assistance,
    book_queries,
    books,
    case,
    hand_over,
    policy,
    providers,
    publishing,
    queue,
    refunds,
    revocation,
    treasury,
)

if TYPE_CHECKING:
    from django.urls import URLPattern, URLResolver

app_name = "desk"
register_converter(DayConverter, "day")

REVIEW: list[URLPattern | URLResolver] = [
    path("", queue.home, name="home"),
    path("cases/", queue.mine, name="queue"),
    path("cases/office/", queue.office, name="queue_of_office"),
    path("cases/next/", queue.take_next, name="take_next"),
    path("cases/<str:reference>/", case.page, name="application"),
    path("cases/<str:reference>/uploads/<str:upload>/", case.upload, name="upload"),
    path("cases/<str:reference>/take/", case.take, name="take"),
    path("cases/<str:reference>/put-back/", case.put_back, name="put_back"),
    path("cases/<str:reference>/accept/", case.accept, name="accept"),
    path("cases/<str:reference>/refuse/", case.refuse, name="refuse"),
    path("cases/<str:reference>/return/", case.return_for_correction, name="return_for_correction"),
]

HELP: list[URLPattern | URLResolver] = [
    path("help/", assistance.ask, name="help_ask"),
    path("help/<str:reference>/", assistance.page, name="help"),
    path("help/<str:reference>/whom/", assistance.whom, name="help_whom"),
    path("help/<str:reference>/form/<slug:page_id>/", assistance.questions, name="help_questions"),
    path("help/<str:reference>/close/", assistance.leave, name="help_leave"),
]

HAND_OVER: list[URLPattern | URLResolver] = [
    path("hand-over/", hand_over.list_page, name="hand_over"),
    path("hand-over/<str:reference>/", hand_over.one, name="hand_over_one"),
    path("hand-over/<str:reference>/print/", hand_over.print_copy, name="hand_over_print"),
    path("hand-over/<str:reference>/confirm/", hand_over.confirm, name="hand_over_confirm"),
]

REVOCATION: list[URLPattern | URLResolver] = [
    path("documents/", revocation.search, name="documents"),
    path("documents/<str:reference>/", revocation.document, name="document"),
]

PUBLISHING: list[URLPattern | URLResolver] = [
    path("services/", publishing.list_page, name="publishing"),
    path("services/<str:service_id>/", publishing.service, name="service"),
    path("services/<str:service_id>/bpmn/", publishing.bpmn, name="service_bpmn"),
    path("proposals/<str:reference>/", publishing.proposal, name="proposal"),
    path("proposals/<str:reference>/approve/", publishing.approve, name="proposal_approve"),
    path("proposals/<str:reference>/reject/", publishing.reject, name="proposal_reject"),
]

TREASURY: list[URLPattern | URLResolver] = [
    path("treasury/", treasury.today, name="treasury"),
    path("treasury/files/", treasury.take_file, name="treasury_files"),
    path("treasury/differences/", treasury.differences, name="differences"),
    path("treasury/differences/<str:reference>/", treasury.difference, name="difference"),
    path("treasury/differences/<str:reference>/clear/", treasury.propose_clearing, name="clearing_propose"),
    path("treasury/differences/<str:reference>/decide/", treasury.decide_clearing, name="clearing_decide"),
    path("treasury/differences/<str:reference>/answer/", treasury.answer_difference, name="difference_answer"),
]

BOOKS: list[URLPattern | URLResolver] = [
    path("books/", books.overview, name="books"),
    path("books/search/", books.search, name="books_search"),
    path("books/query/", book_queries.ask, name="books_query"),
    path("books/query/lines.csv", book_queries.export, name="books_query_lines"),
    path("books/query/save/", book_queries.save, name="books_query_save"),
    path("books/query/<int:key>/forget/", book_queries.forget, name="books_query_forget"),
    path("books/accounts/<str:account>/", books.account, name="books_account"),
    path("books/accounts/<str:account>/lines.csv", books.account_lines, name="books_lines"),
    path("books/postings/<str:reference>/", books.posting, name="books_posting"),
    path("books/charges/<str:reference>/", books.charge, name="books_charge"),
    path("books/days/<day:day>/", books.day, name="books_day"),
    path("books/days/<day:day>/certificate.json", books.certificate, name="books_certificate"),
    path("books/days/<day:day>/signer.pem", books.signer, name="books_signer"),
    path("books/days/<day:day>/postings.jsonl", books.postings, name="books_postings"),
]

REFUNDS: list[URLPattern | URLResolver] = [
    path("refunds/", refunds.list_page, name="refunds"),
    path("refunds/<str:reference>/", refunds.proposal, name="refund_proposal"),
    path("refunds/<str:reference>/approve/", refunds.approve, name="refund_approve"),
    path("refunds/<str:reference>/reject/", refunds.reject, name="refund_reject"),
    path("books/charges/<str:reference>/give-back/", refunds.new, name="refund_new"),
    path("books/charges/<str:reference>/propose/", refunds.propose, name="refund_propose"),
]

POLICY: list[URLPattern | URLResolver] = [
    path("policy/", policy.list_page, name="policy"),
    path("policy/change/", policy.change, name="policy_change"),
    path("policy/<int:number>/", policy.version, name="policy_version"),
    path("policy/<int:number>/release/", policy.release, name="policy_release"),
    path("policy/<int:number>/reject/", policy.reject, name="policy_reject"),
    path("policy/<int:number>/withdraw/", policy.withdraw, name="policy_withdraw"),
]

PROVIDERS: list[URLPattern | URLResolver] = [
    path("providers/", providers.list_page, name="providers"),
    path("providers/<slug:name>/", providers.one, name="provider"),
    path("providers/<slug:name>/ask/", providers.ask, name="provider_ask"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    *sign_in_urls.urlpatterns,
    *cashier_urls.urlpatterns,
    *REVIEW,
    *HELP,
    *HAND_OVER,
    *REVOCATION,
    *PUBLISHING,
    *TREASURY,
    *BOOKS,
    *REFUNDS,
    *POLICY,
    *PROVIDERS,
    *payout_urls.urlpatterns,
]
