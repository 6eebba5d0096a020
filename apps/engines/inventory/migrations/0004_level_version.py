"""Every change of a level counts its version, whoever makes it."""

from django.db import migrations, models

COUNTED = """
CREATE FUNCTION inventory_count_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.version := OLD.version + 1;
    RETURN NEW;
END $$;
CREATE TRIGGER inventory_level_version BEFORE UPDATE ON inventory_stocklevel
    FOR EACH ROW EXECUTE FUNCTION inventory_count_version();
"""

BACK = "DROP TRIGGER inventory_level_version ON inventory_stocklevel; DROP FUNCTION inventory_count_version();"


class Migration(migrations.Migration):
    dependencies = [("inventory", "0003_movement_sequence")]

    operations = [
        migrations.AddField("stocklevel", "version", models.PositiveIntegerField(default=1, editable=False)),
        migrations.AlterField("stocklevel", "updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
        migrations.RunSQL(COUNTED, BACK),
    ]
