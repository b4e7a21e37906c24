"""The sentences of changes, in both languages: read on the desk and on the command line alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hukumati.domain.catalogue.changes import Part
from hukumati.kernel.text import Text

if TYPE_CHECKING:
    from hukumati.domain.catalogue.changes import Change

PARTS = {
    Part.CITIZENS: Text("للمواطنين", "For citizens"),
    Part.FEES: Text("الرسوم", "Fees"),
    Part.PROCESS: Text("مسار المعاملة", "The way of a case"),
    Part.READS: Text("البيانات التي تُقرأ", "What is read"),
}
SENTENCES = {
    "first_version": Text("إصدار أول من خدمة «{name}»", "The first version of “{name}”"),
    "stage": Text("المرحلة: من {before} إلى {after}", "Stage: from {before} to {after}"),
    "eligibility": Text(
        "جدول الاستحقاق: من {before} إلى {after}", "Who is entitled is decided by {after} instead of {before}"
    ),
    "table_added": Text("جدول قرار جديد: {name}", "A new decision table: {name}"),
    "table_removed": Text("جدول قرار لم يعد مستعملاً: {name}", "A decision table less: {name}"),
    "table_changed": Text("تغيّر جدول القرار: {name}", "The decision table changed: {name}"),
    "items_added": Text("رسم جديد لكل بند يُختار: {name}", "A new fee for each that is chosen: {name}"),
    "items_removed": Text("رسم لم يعد يُستوفى لكل بند: {name}", "No longer a fee for each that is chosen: {name}"),
    "items_changed": Text("تغيّر رسم كل بند يُختار: {name}", "The fee for each that is chosen changed: {name}"),
    "audience_added": Text("تُفتح لفئة: {name}", "Opened to: {name}"),
    "audience_removed": Text("تُغلق عن فئة: {name}", "Closed to: {name}"),
    "field_asked": Text("سؤال جديد: {name}", "Now asked: {name}"),
    "field_no_longer_asked": Text("لم يعد يُسأل عن: {name}", "No longer asked: {name}"),
    "field_shown": Text("يُعرض الآن: {name}", "Now shown: {name}"),
    "field_no_longer_shown": Text("لم يعد يُعرض: {name}", "No longer shown: {name}"),
    "field_label": Text("نص السؤال: «{before}» يصير «{after}»", "The question reads “{after}” instead of “{before}”"),
    "field_hint": Text("شرح «{name}»: «{before}» يصير «{after}»", "The hint of “{name}”: “{before}” becomes “{after}”"),
    "field_kind": Text("نوع «{name}»: من {before} إلى {after}", "The kind of “{name}”: from {before} to {after}"),
    "field_now_required": Text("صار لازماً: {name}", "Now needed: {name}"),
    "field_now_optional": Text("صار اختيارياً: {name}", "Now optional: {name}"),
    "option_added": Text("خيار جديد في «{name}»: {after}", "A new choice of “{name}”: {after}"),
    "option_removed": Text("خيار لم يعد في «{name}»: {after}", "No longer a choice of “{name}”: {after}"),
    "field_limits": Text("حدود «{name}»: من {before} إلى {after}", "Limits of “{name}”: from {before} to {after}"),
    "field_when": Text(
        "متى يُسأل «{name}»: من {before} إلى {after}", "When “{name}” is asked: from {before} to {after}"
    ),
    "paper_added": Text("ورقة مطلوبة جديدة: {name}", "A paper more: {name}"),
    "paper_removed": Text("ورقة لم تعد مطلوبة: {name}", "A paper less: {name}"),
    "promised_days": Text("المدة الموعودة — قبل: {before}، بعد: {after}", "Promised time: from {before} to {after}"),
    "way_to_pay_added": Text("وسيلة دفع جديدة: {name}", "A new way to pay: {name}"),
    "way_to_pay_removed": Text("وسيلة دفع لم تعد متاحة: {name}", "A way to pay less: {name}"),
    "way_to_receive_added": Text("طريقة استلام جديدة: {name}", "A new way to receive: {name}"),
    "way_to_receive_removed": Text("طريقة استلام لم تعد متاحة: {name}", "A way to receive less: {name}"),
    "office_added": Text("مكتب جديد: {name}", "A new office: {name}"),
    "office_removed": Text("مكتب لم يعد يقدمها: {name}", "An office less: {name}"),
    "document_added": Text("تصدر الآن وثيقة", "Now issues a document"),
    "document_removed": Text("لم تعد تصدر وثيقة", "No longer issues a document"),
    "document_fact_added": Text("الوثيقة تذكر: {name}", "The document says: {name}"),
    "document_fact_removed": Text("الوثيقة لم تعد تذكر: {name}", "The document no longer says: {name}"),
    "document_validity": Text(
        "صلاحية الوثيقة — قبل: {before}، بعد: {after}", "The document is valid: {after} instead of {before}"
    ),
    "document_layout": Text("تغيّر شكل الوثيقة", "The document looks otherwise"),
    "burden": Text("عدد الأسئلة: من {before} إلى {after}", "Questions asked: from {before} to {after}"),
    "text": Text("النص {name}: «{before}» يصير «{after}»", "The text {name}: “{before}” becomes “{after}”"),
    "fee_added": Text("رسم جديد: {name}، {after} ({before})", "A new fee: {name}, {after} ({before})"),
    "fee_removed": Text("رسم لم يعد يُستوفى: {name}، {before}", "A fee less: {name}, {before}"),
    "fee_amount": Text("{name}: من {before} إلى {after}", "{name}: from {before} to {after}"),
    "fee_basis": Text(
        "السند القانوني لـ«{name}»: من {before} إلى {after}", "Legal basis of “{name}”: from {before} to {after}"
    ),
    "fee_account": Text(
        "حساب إيراد «{name}»: من {before} إلى {after}", "Revenue account of “{name}”: from {before} to {after}"
    ),
    "fee_valid": Text("سريان «{name}»: من {before} إلى {after}", "“{name}” is in force: {after} instead of {before}"),
    "fee_counted": Text("احتساب «{name}»: من {before} إلى {after}", "“{name}” counts by {after} instead of {before}"),
    "state_added": Text("حالة جديدة: {name}", "A new state: {name}"),
    "state_removed": Text("حالة لم تعد موجودة: {name}", "A state less: {name}"),
    "step_added": Text("خطوة جديدة: {name} ← {after}", "A new step: {name} → {after}"),
    "step_removed": Text("خطوة لم تعد ممكنة: {name}", "A step less: {name}"),
    "step_changed": Text("{name}: من «{before}» إلى «{after}»", "{name}: “{after}” instead of “{before}”"),
    "read_added": Text("قراءة جديدة: {name} ({after})", "A new reading: {name} ({after})"),
    "read_removed": Text("قراءة لم تعد تُجرى: {name} ({before})", "A reading less: {name} ({before})"),
    "attribute_more": Text("بيان إضافي يُقرأ: {after}، {name}", "One fact more is read: {after}, {name}"),
    "attribute_less": Text("بيان لم يعد يُقرأ: {after}، {name}", "One fact less is read: {after}, {name}"),
    "read_source": Text("مصدر «{name}»: من {before} إلى {after}", "The source of “{name}”: from {before} to {after}"),
    "read_purpose": Text(
        "الغرض من {name}: «{before}» يصير «{after}»", "The purpose of {name}: “{before}” becomes “{after}”"
    ),
    "read_freshness": Text(
        "عمر جواب «{name}» المقبول: من {before} إلى {after}", "How old “{name}” may be: from {before} to {after}"
    ),
}


def sentence(change: Change) -> Text:
    """One change in words. Raises KeyError for a code without a sentence: a test demands all."""
    words = SENTENCES[change.code]
    return Text(
        words.ar.format(name=change.name.ar, before=change.before.ar, after=change.after.ar),
        words.en.format(name=change.name.en, before=change.before.en, after=change.after.en),
    )
