"""The record, its order, its seals. Written by hand: identity columns, append-only and truncate guards, no foreign keys."""

from django.db import migrations, models

TABLES = """
CREATE TABLE audit_entry (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key uuid NOT NULL CONSTRAINT audit_entry_key_is_unique UNIQUE,
    at timestamptz NOT NULL,
    code text NOT NULL CONSTRAINT audit_entry_code_is_module_and_fact CHECK (code ~ '^[a-z_]+\\.[a-z0-9_.]+$'),
    about text NOT NULL CONSTRAINT audit_entry_about_is_plain CHECK (about !~ '[\\x01-\\x1f]'),
    actor text NOT NULL CONSTRAINT audit_entry_actor_is_plain CHECK (actor ~ '^(citizen|staff|system|provider):' AND actor !~ '[\\x01-\\x1f]'),
    roles text NOT NULL CONSTRAINT audit_entry_roles_are_plain CHECK (roles !~ '[\\x01-\\x1f]'),
    institution text NOT NULL CONSTRAINT audit_entry_institution_is_plain CHECK (institution !~ '[\\x01-\\x1f]'),
    office text NOT NULL CONSTRAINT audit_entry_office_is_plain CHECK (office !~ '[\\x01-\\x1f]'),
    authenticated_by text NOT NULL CONSTRAINT audit_entry_authenticated_by_is_plain CHECK (authenticated_by !~ '[\\x01-\\x1f]'),
    facts text NOT NULL CONSTRAINT audit_entry_facts_are_an_object CHECK (facts IS JSON OBJECT AND facts !~ '[\\x01-\\x1f]'),
    leaf bytea NOT NULL CONSTRAINT audit_entry_leaf_is_sha256 CHECK (length(leaf) = 32)
);
CREATE INDEX audit_entry_about ON audit_entry (about, id);
CREATE TABLE audit_position (
    position bigint PRIMARY KEY CONSTRAINT audit_position_is_not_negative CHECK (position >= 0),
    entry_id bigint NOT NULL CONSTRAINT audit_position_one_per_entry UNIQUE,
    leaf bytea NOT NULL
);
CREATE TABLE audit_checkpoint (
    size bigint PRIMARY KEY CONSTRAINT audit_checkpoint_size_is_positive CHECK (size > 0),
    root bytea NOT NULL,
    previous bytea NOT NULL,
    sealed_at timestamptz NOT NULL,
    signature bytea NOT NULL,
    frontier bytea NOT NULL,
    entry_id_max bigint NOT NULL
);
CREATE INDEX audit_checkpoint_sealed_at ON audit_checkpoint (sealed_at);
CREATE TABLE audit_tile (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    level integer NOT NULL,
    index bigint NOT NULL,
    root bytea NOT NULL,
    CONSTRAINT audit_tile_stands_once UNIQUE (level, index)
);
CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
"""

GUARD = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER {table}_not_truncated BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
"""
NAMES = ("audit_entry", "audit_position", "audit_checkpoint", "audit_tile")
DROP = "DROP TABLE audit_tile, audit_checkpoint, audit_position, audit_entry; DROP FUNCTION audit_refuse_change();"


def unmanaged(name, table, fields):
    return migrations.CreateModel(name=name, fields=fields, options={"db_table": table, "managed": False})


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(TABLES + "".join(GUARD.format(table=name) for name in NAMES), DROP),
        unmanaged("Entry", "audit_entry", [
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("key", models.UUIDField(unique=True)),
            ("at", models.DateTimeField()),
            ("code", models.TextField()),
            ("about", models.TextField()),
            ("actor", models.TextField()),
            ("roles", models.TextField()),
            ("institution", models.TextField()),
            ("office", models.TextField()),
            ("authenticated_by", models.TextField()),
            ("facts", models.TextField()),
            ("leaf", models.BinaryField()),
        ]),
        unmanaged("Position", "audit_position", [
            ("position", models.BigIntegerField(primary_key=True, serialize=False)),
            ("entry_id", models.BigIntegerField(unique=True)),
            ("leaf", models.BinaryField()),
        ]),
        unmanaged("Checkpoint", "audit_checkpoint", [
            ("size", models.BigIntegerField(primary_key=True, serialize=False)),
            ("root", models.BinaryField()),
            ("previous", models.BinaryField()),
            ("sealed_at", models.DateTimeField()),
            ("signature", models.BinaryField()),
            ("frontier", models.BinaryField()),
            ("entry_id_max", models.BigIntegerField()),
        ]),
        unmanaged("Tile", "audit_tile", [
            ("id", models.BigAutoField(primary_key=True, serialize=False)),
            ("level", models.IntegerField()),
            ("index", models.BigIntegerField()),
            ("root", models.BinaryField()),
        ]),
    ]  # fmt: skip
