"""The ledger moves the stock: a movement sets the level's quantity and average cost, a reservation its promise."""

from django.db import migrations

LEDGER = """
CREATE FUNCTION inventory_post_movement() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    level inventory_stocklevel%ROWTYPE;
    average numeric(18, 4);
BEGIN
    SELECT * INTO level FROM inventory_stocklevel WHERE id = NEW.level_id FOR UPDATE;
    IF level.organization_id <> NEW.organization_id OR level.warehouse_id <> NEW.warehouse_id
       OR level.variant_id <> NEW.variant_id THEN
        RAISE EXCEPTION 'the movement names another place than its level'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'stock_movement_of_its_level';
    END IF;
    average := level.average_cost;
    NEW.balance_after := level.on_hand + NEW.quantity;
    IF NEW.quantity < 0 OR NEW.unit_cost IS NULL THEN
        NEW.unit_cost := average;
    ELSIF NEW.balance_after > 0 THEN
        average := round((level.on_hand * average + NEW.quantity * NEW.unit_cost) / NEW.balance_after, 4);
    END IF;
    NEW.value := round(NEW.balance_after * average, 2) - round(level.on_hand * level.average_cost, 2);
    UPDATE inventory_stocklevel SET on_hand = NEW.balance_after, average_cost = average, updated_at = now()
        WHERE id = level.id;
    RETURN NEW;
END $$;
CREATE TRIGGER inventory_post_movement BEFORE INSERT ON inventory_stockmovement
    FOR EACH ROW EXECUTE FUNCTION inventory_post_movement();

CREATE FUNCTION inventory_post_reservation() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    promised numeric := 0;
    place uuid;
BEGIN
    IF TG_OP <> 'DELETE' THEN
        promised := NEW.quantity - NEW.consumed - NEW.released;
        place := NEW.level_id;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        promised := promised - (OLD.quantity - OLD.consumed - OLD.released);
        place := OLD.level_id;
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.level_id <> OLD.level_id THEN
        RAISE EXCEPTION 'a reservation stays in its place' USING ERRCODE = 'restrict_violation';
    END IF;
    IF promised <> 0 THEN
        UPDATE inventory_stocklevel SET reserved = reserved + promised, updated_at = now() WHERE id = place;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER inventory_post_reservation AFTER INSERT OR UPDATE OR DELETE ON inventory_stockreservation
    FOR EACH ROW EXECUTE FUNCTION inventory_post_reservation();

CREATE FUNCTION inventory_guard_level() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'stock changes only through movements and reservations'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'stock_level_through_ledger';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER inventory_guard_level_update BEFORE UPDATE ON inventory_stocklevel FOR EACH ROW
    WHEN (OLD.on_hand IS DISTINCT FROM NEW.on_hand OR OLD.reserved IS DISTINCT FROM NEW.reserved
          OR OLD.average_cost IS DISTINCT FROM NEW.average_cost)
    EXECUTE FUNCTION inventory_guard_level();
CREATE TRIGGER inventory_guard_level_insert BEFORE INSERT ON inventory_stocklevel FOR EACH ROW
    WHEN (NEW.on_hand <> 0 OR NEW.reserved <> 0) EXECUTE FUNCTION inventory_guard_level();
"""

BACK = """
DROP TRIGGER inventory_post_movement ON inventory_stockmovement;
DROP TRIGGER inventory_post_reservation ON inventory_stockreservation;
DROP TRIGGER inventory_guard_level_update ON inventory_stocklevel;
DROP TRIGGER inventory_guard_level_insert ON inventory_stocklevel;
DROP FUNCTION inventory_post_movement();
DROP FUNCTION inventory_post_reservation();
DROP FUNCTION inventory_guard_level();
"""


class Migration(migrations.Migration):
    dependencies = [("inventory", "0001_initial")]

    operations = [migrations.RunSQL(LEDGER, BACK)]
