"""What the database refuses by itself, and the one statement by which a posting is made."""

from django.db import migrations

GUARDS = """
CREATE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only: % on %', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER posting_append_only BEFORE UPDATE OR DELETE ON ledger_posting
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER posting_never_emptied BEFORE TRUNCATE ON ledger_posting
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER line_append_only BEFORE UPDATE OR DELETE ON ledger_postingline
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER line_never_emptied BEFORE TRUNCATE ON ledger_postingline
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();

-- Checks every posting that the statement touched, whole: so lines cannot be added to an old posting either.
CREATE FUNCTION ledger_check_lines() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    broken text;
BEGIN
    SELECT CASE WHEN bool_or(l.currency <> p.currency) THEN 'posting_has_one_currency'
                WHEN count(*) <> p.lines_count THEN 'posting_lines_are_complete'
                WHEN sum(l.amount_minor) <> 0 THEN 'posting_is_balanced' END
      INTO broken
      FROM ledger_postingline l JOIN ledger_posting p ON p.id = l.posting_id
     WHERE l.posting_id IN (SELECT posting_id FROM added)
     GROUP BY p.id
    HAVING bool_or(l.currency <> p.currency) OR count(*) <> p.lines_count OR sum(l.amount_minor) <> 0
     LIMIT 1;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION 'refused by %', broken USING ERRCODE = 'check_violation', CONSTRAINT = broken, TABLE = 'ledger_posting';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER line_keeps_balance AFTER INSERT ON ledger_postingline
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_check_lines();

-- Any insert of lines is checked above; what is left is a posting that never got one. Asked at commit.
CREATE FUNCTION ledger_check_posting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM ledger_postingline WHERE posting_id = NEW.id) THEN
        RAISE EXCEPTION 'posting % has no lines', NEW.reference
            USING ERRCODE = 'check_violation', CONSTRAINT = 'posting_has_lines', TABLE = 'ledger_posting';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER posting_has_lines AFTER INSERT ON ledger_posting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_check_posting();

CREATE FUNCTION ledger_post(
    wanted_reference text, said_kind text, said_about text, moment timestamptz, one_currency text,
    accounts text[], amounts bigint[], currencies text[], cases text[], instruments text[], articles text[]
) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    made bigint;
    known text;
    echo boolean;
BEGIN
    INSERT INTO ledger_posting (reference, kind, about, currency, lines_count, posted_at)
    VALUES (wanted_reference, said_kind, said_about, one_currency, cardinality(accounts), moment)
    ON CONFLICT (kind, about) DO NOTHING RETURNING id INTO made;
    IF made IS NOT NULL THEN
        INSERT INTO ledger_postingline (posting_id, position, account, amount_minor, currency, case_reference, instrument, article)
        SELECT made, l.position, l.account, l.amount, l.currency, l.case_reference, l.instrument, l.article
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

UNDO = """
DROP FUNCTION ledger_post;
DROP FUNCTION ledger_check_posting CASCADE;
DROP FUNCTION ledger_check_lines CASCADE;
DROP FUNCTION ledger_refuse_change CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_postings")]
    operations = [migrations.RunSQL(GUARDS, UNDO)]
