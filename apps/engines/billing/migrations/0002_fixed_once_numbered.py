import django.db.models.deletion
from django.db import migrations, models

FIXED = (
    "number organization_id branch_id source_type source_id source_label customer_id buyer_organization_id billed_name"
    " billed_phone billed_email billed_address billed_tax_code currency subtotal discount_total tax_total total issued_on"
    " finalised_at created_at"
).split()
OLD = ", ".join(f"OLD.{name}" for name in FIXED)
NEW = ", ".join(f"NEW.{name}" for name in FIXED)

FREEZE = f"""
CREATE FUNCTION billing_invoice_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.number = '' THEN
        IF TG_OP = 'UPDATE' AND NEW.number <> '' AND ROW(NEW.subtotal - NEW.discount_total, NEW.tax_total, NEW.total)
            IS DISTINCT FROM (SELECT ROW(sum(net), sum(tax), sum(gross)) FROM billing_invoiceline WHERE invoice_id = NEW.id)
        THEN
            RAISE EXCEPTION 'invoice % is not the sum of its lines', NEW.number USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN COALESCE(NEW, OLD);
    END IF;
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'invoice % has a number and is never deleted', OLD.number USING ERRCODE = 'restrict_violation';
    END IF;
    IF ROW({OLD}) IS DISTINCT FROM ROW({NEW}) THEN
        RAISE EXCEPTION 'invoice % is finalised and does not change', OLD.number USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER billing_invoice_fixed BEFORE UPDATE OR DELETE ON billing_invoice
    FOR EACH ROW EXECUTE FUNCTION billing_invoice_fixed();

CREATE FUNCTION billing_invoiceline_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM billing_invoice WHERE number <> ''
            AND (TG_OP <> 'INSERT' AND id = OLD.invoice_id OR TG_OP <> 'DELETE' AND id = NEW.invoice_id)
    ) THEN
        RAISE EXCEPTION 'lines of a finalised invoice do not change' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER billing_invoiceline_fixed BEFORE INSERT OR UPDATE OR DELETE ON billing_invoiceline
    FOR EACH ROW EXECUTE FUNCTION billing_invoiceline_fixed();
"""
THAW = """
DROP TRIGGER billing_invoiceline_fixed ON billing_invoiceline;
DROP FUNCTION billing_invoiceline_fixed();
DROP TRIGGER billing_invoice_fixed ON billing_invoice;
DROP FUNCTION billing_invoice_fixed();
"""


class Migration(migrations.Migration):
    """The database itself keeps a numbered invoice and its lines as they were issued."""

    dependencies = [("billing", "0001_initial"), ("files", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="invoice",
            name="document",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="files.storedfile",
                verbose_name="document",
            ),
        ),
        migrations.AddField(
            model_name="historicalinvoice",
            name="document",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="files.storedfile",
                verbose_name="document",
            ),
        ),
        migrations.AlterField(
            model_name="invoice",
            name="paid_at",
            field=models.DateTimeField(
                help_text="when nothing was due any more; stays when money is given back", null=True
            ),
        ),
        migrations.AlterField(
            model_name="historicalinvoice",
            name="paid_at",
            field=models.DateTimeField(
                help_text="when nothing was due any more; stays when money is given back", null=True
            ),
        ),
        migrations.RunSQL(FREEZE, THAW),
    ]
