"""Movements of one level stand in the order in which they were posted, whatever the clocks said."""

from django.db import migrations, models

NUMBERED = """
CREATE SEQUENCE inventory_stockmovement_order;
CREATE FUNCTION inventory_number_movement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Runs after inventory_post_movement (triggers fire by name), which holds the level's lock.
    NEW.sequence := nextval('inventory_stockmovement_order');
    RETURN NEW;
END $$;
CREATE TRIGGER inventory_post_movement_number BEFORE INSERT ON inventory_stockmovement
    FOR EACH ROW EXECUTE FUNCTION inventory_number_movement();
"""

BACK = """
DROP TRIGGER inventory_post_movement_number ON inventory_stockmovement;
DROP FUNCTION inventory_number_movement();
DROP SEQUENCE inventory_stockmovement_order;
"""


class Migration(migrations.Migration):
    dependencies = [("inventory", "0002_ledger")]

    operations = [
        migrations.RemoveIndex("stockmovement", "inventory_s_level_i_3b5a14_idx"),
        migrations.AddField("stockmovement", "sequence", models.BigIntegerField(default=0, editable=False)),
        migrations.RunSQL(NUMBERED, BACK),
        migrations.AddConstraint(
            "stockmovement",
            models.UniqueConstraint(fields=("level", "sequence"), name="stock_movement_in_sequence"),
        ),
    ]
