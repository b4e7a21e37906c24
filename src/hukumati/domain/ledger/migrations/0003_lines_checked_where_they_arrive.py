"""The check of a posting reads the lines that arrive, and nothing that stands there already.

Positions run from 1 to the number that the posting promised, and are unique: a second set of lines finds its places taken, so old postings still
cannot be added to. A plan is made once for a connection, perhaps while the tables are empty: it is kept from scanning them when they are large.
"""

from django.db import migrations

CHECKS = """
CREATE OR REPLACE FUNCTION ledger_check_lines() RETURNS trigger LANGUAGE plpgsql
    SET enable_seqscan = off SET enable_mergejoin = off SET enable_hashjoin = off AS $$
DECLARE
    broken text;
BEGIN
    SELECT CASE WHEN bool_or(a.currency IS DISTINCT FROM p.currency) THEN 'posting_has_one_currency'
                WHEN count(*) <> p.lines_count OR min(a.position) <> 1 OR max(a.position) <> count(*) THEN 'posting_lines_are_complete'
                WHEN sum(a.amount_minor) <> 0 THEN 'posting_is_balanced' END
      INTO broken
      FROM added a JOIN ledger_posting p ON p.id = a.posting_id
     GROUP BY p.id
    HAVING bool_or(a.currency IS DISTINCT FROM p.currency)
        OR count(*) <> p.lines_count OR min(a.position) <> 1 OR max(a.position) <> count(*)
        OR sum(a.amount_minor) <> 0
     LIMIT 1;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION 'refused by %', broken USING ERRCODE = 'check_violation', CONSTRAINT = broken, TABLE = 'ledger_posting';
    END IF;
    RETURN NULL;
END $$;

ALTER FUNCTION ledger_check_posting() SET enable_seqscan = off;
ALTER FUNCTION ledger_post(text, text, text, timestamptz, text, text[], bigint[], text[], text[], text[], text[]) SET enable_seqscan = off;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_guards")]
    operations = [migrations.RunSQL(CHECKS, migrations.RunSQL.noop)]
