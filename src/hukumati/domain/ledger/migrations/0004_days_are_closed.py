"""Days end: a closed day takes no more postings, and what each account held at its end is written once and certified.

A line carries the Hebron day of its posting, so that a balance is what stood at the end of the last closed day and the few lines since.
Closing takes a lock that every posting shares: it waits for those in flight, and a later one finds the day closed.
"""

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

DAYS = """
ALTER TABLE ledger_postingline ADD COLUMN day date DEFAULT (now() AT TIME ZONE 'Asia/Hebron')::date;
ALTER TABLE ledger_postingline DISABLE TRIGGER USER;
UPDATE ledger_postingline l SET day = (p.posted_at AT TIME ZONE 'Asia/Hebron')::date FROM ledger_posting p WHERE p.id = l.posting_id;
ALTER TABLE ledger_postingline ENABLE TRIGGER USER;
ALTER TABLE ledger_postingline ALTER COLUMN day SET NOT NULL;
"""
UNDO_DAYS = "ALTER TABLE ledger_postingline DROP COLUMN day"

GUARDS = """
CREATE TRIGGER closed_day_append_only BEFORE UPDATE OR DELETE ON ledger_closedday
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER closed_day_never_emptied BEFORE TRUNCATE ON ledger_closedday
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER day_balance_append_only BEFORE UPDATE OR DELETE ON ledger_daybalance
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER day_balance_never_emptied BEFORE TRUNCATE ON ledger_daybalance
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER certificate_append_only BEFORE UPDATE OR DELETE ON ledger_daycertificate
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER certificate_never_emptied BEFORE TRUNCATE ON ledger_daycertificate
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();

-- 0x68756B_646179 is "huk" "day". Postings share it until their transaction ends; closing a day wants it alone.
CREATE FUNCTION ledger_close_day() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(114853522203001);
    IF NEW.day >= (now() AT TIME ZONE 'Asia/Hebron')::date THEN
        RAISE EXCEPTION 'day % has not ended', NEW.day
            USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_day_is_over', TABLE = 'ledger_closedday';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER closed_day_waits_for_postings BEFORE INSERT ON ledger_closedday
    FOR EACH ROW EXECUTE FUNCTION ledger_close_day();

CREATE FUNCTION ledger_require_open_day() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(114853522203001);
    IF EXISTS (SELECT FROM ledger_closedday WHERE day >= (NEW.posted_at AT TIME ZONE 'Asia/Hebron')::date) THEN
        RAISE EXCEPTION 'the day of % is closed', NEW.posted_at
            USING ERRCODE = 'check_violation', CONSTRAINT = 'posting_day_is_open', TABLE = 'ledger_posting';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER posting_day_is_open BEFORE INSERT ON ledger_posting
    FOR EACH ROW EXECUTE FUNCTION ledger_require_open_day();

CREATE OR REPLACE FUNCTION ledger_check_lines() RETURNS trigger LANGUAGE plpgsql
    SET enable_seqscan = off SET enable_mergejoin = off SET enable_hashjoin = off AS $$
DECLARE
    broken text;
BEGIN
    SELECT CASE WHEN bool_or(a.currency IS DISTINCT FROM p.currency) THEN 'posting_has_one_currency'
                WHEN bool_or(a.day <> (p.posted_at AT TIME ZONE 'Asia/Hebron')::date) THEN 'line_has_the_day_of_its_posting'
                WHEN count(*) <> p.lines_count OR min(a.position) <> 1 OR max(a.position) <> count(*) THEN 'posting_lines_are_complete'
                WHEN sum(a.amount_minor) <> 0 THEN 'posting_is_balanced' END
      INTO broken
      FROM added a JOIN ledger_posting p ON p.id = a.posting_id
     GROUP BY p.id
    HAVING bool_or(a.currency IS DISTINCT FROM p.currency)
        OR bool_or(a.day <> (p.posted_at AT TIME ZONE 'Asia/Hebron')::date)
        OR count(*) <> p.lines_count OR min(a.position) <> 1 OR max(a.position) <> count(*)
        OR sum(a.amount_minor) <> 0
     LIMIT 1;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION 'refused by %', broken USING ERRCODE = 'check_violation', CONSTRAINT = broken, TABLE = 'ledger_posting';
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION ledger_post(
    wanted_reference text, said_kind text, said_about text, moment timestamptz, one_currency text,
    accounts text[], amounts bigint[], currencies text[], cases text[], instruments text[], articles text[]
) RETURNS text LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    made bigint;
    known text;
    echo boolean;
BEGIN
    INSERT INTO ledger_posting (reference, kind, about, currency, lines_count, posted_at)
    VALUES (wanted_reference, said_kind, said_about, one_currency, cardinality(accounts), moment)
    ON CONFLICT (kind, about) DO NOTHING RETURNING id INTO made;
    IF made IS NOT NULL THEN
        INSERT INTO ledger_postingline
               (posting_id, position, account, amount_minor, currency, case_reference, instrument, article, day)
        SELECT made, l.position, l.account, l.amount, l.currency, l.case_reference, l.instrument, l.article,
               (moment AT TIME ZONE 'Asia/Hebron')::date
          FROM unnest(accounts, amounts, currencies, cases, instruments, articles) WITH ORDINALITY
            AS l(account, amount, currency, case_reference, instrument, article, position);
        RETURN wanted_reference;
    END IF;
    SELECT p.reference,
           (array_agg(l.account ORDER BY l.position), array_agg(l.amount_minor ORDER BY l.position),
            array_agg(l.currency ORDER BY l.position), array_agg(l.case_reference ORDER BY l.position),
            array_agg(l.instrument ORDER BY l.position), array_agg(l.article ORDER BY l.position))
           IS NOT DISTINCT FROM (accounts, amounts, currencies, cases, instruments, articles)
      INTO known, echo
      FROM ledger_posting p JOIN ledger_postingline l ON l.posting_id = p.id
     WHERE p.kind = said_kind AND p.about = said_about
     GROUP BY p.reference;
    IF echo THEN
        RETURN known;
    END IF;
    RAISE EXCEPTION '% about % was posted with other lines', said_kind, said_about
        USING ERRCODE = 'unique_violation', CONSTRAINT = 'posting_said_once', TABLE = 'ledger_posting';
END $$;
"""
UNDO_GUARDS = """
DROP TRIGGER posting_day_is_open ON ledger_posting;
DROP FUNCTION ledger_require_open_day CASCADE;
DROP FUNCTION ledger_close_day CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_lines_checked_where_they_arrive")]
    operations = [
        migrations.RunSQL(
            DAYS,
            UNDO_DAYS,
            state_operations=[
                migrations.AddField("postingline", "day", models.DateField(), preserve_default=False),
            ],
        ),
        migrations.RemoveIndex("postingline", "line_by_account"),
        migrations.AddIndex(
            "postingline",
            models.Index(fields=["account", "currency", "day"], include=["amount_minor"], name="line_by_account_and_day"),
        ),
        migrations.AddIndex(
            "postingline",
            django.contrib.postgres.indexes.BrinIndex(
                autosummarize=True, fields=["day"], name="line_by_day", pages_per_range=32
            ),
        ),
        migrations.CreateModel(
            name="ClosedDay",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("closed_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="DayBalance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "day",
                    models.ForeignKey(
                        db_column="day",
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.closedday",
                    ),
                ),
                ("account", models.TextField()),
                ("currency", models.TextField()),
                ("opening_minor", models.BigIntegerField()),
                ("debit_minor", models.BigIntegerField()),
                ("credit_minor", models.BigIntegerField()),
                ("closing_minor", models.BigIntegerField()),
                ("lines_count", models.IntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["account", "currency", "day"], name="day_balance_written_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            closing_minor=models.F("opening_minor") + models.F("debit_minor") - models.F("credit_minor")
                        ),
                        name="day_balance_adds_up",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(debit_minor__gte=0, credit_minor__gte=0, lines_count__gt=0),
                        name="day_balance_moved",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DayCertificate",
            fields=[
                (
                    "day",
                    models.OneToOneField(
                        db_column="day",
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="ledger.closedday",
                    ),
                ),
                ("body", models.BinaryField()),
                ("digest", models.TextField()),
                ("previous", models.TextField(blank=True)),
                ("protected", models.BinaryField()),
                ("signature", models.BinaryField()),
                ("certified_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["previous"], name="certificate_chain_has_no_fork"),
                    models.UniqueConstraint(fields=["digest"], name="certificate_digest_is_unique"),
                ],
            },
        ),
        migrations.RunSQL(GUARDS, UNDO_GUARDS),
    ]
