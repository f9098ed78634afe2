package dev.meridian.lab.cluster;

import dev.meridian.lab.SeededDefect;
import dev.meridian.testing.PostgresServer;
import java.sql.SQLException;
import java.util.Map;

/// The seeded defects in PostgreSQL: each is a trigger that the superuser makes on the writer.
final class SqlDefects {
    private record Trigger(String table, String event, String body) {}

    private static final Map<SeededDefect, Trigger> TRIGGERS = Map.of(
            SeededDefect.RESTOCKS_TWICE,
            new Trigger("stock_changes", "INSERT", "NEW.change_key := NEW.change_key || random()::text;"),
            SeededDefect.CANCELLED_KEEPS_STOCK,
            new Trigger(
                    "products",
                    "UPDATE",
                    "IF NEW.stock > OLD.stock AND current_query() LIKE '%CANCELLED%' THEN NEW.stock := OLD.stock; END IF;"),
            SeededDefect.CHANGES_FORGOTTEN,
            new Trigger("products", "UPDATE", "NEW.description := OLD.description;"),
            // Only the statements that apply a change again have its time.
            SeededDefect.CHANGES_NOT_REPLAYED,
            new Trigger(
                    "stock_changes", "INSERT", "IF current_query() LIKE '%::timestamptz%' THEN RETURN NULL; END IF;"),
            // Only the statement that makes rows again takes many at once.
            SeededDefect.ADOPTIONS_NOT_RESTORED,
            new Trigger("adoptions", "INSERT", "IF current_query() LIKE '%unnest%' THEN RETURN NULL; END IF;"));

    private SqlDefects() {}

    /// Whether the defect is one in PostgreSQL.
    static boolean has(SeededDefect defect) {
        return TRIGGERS.containsKey(defect);
    }

    static void make(SeededDefect defect, PostgresServer writer) throws SQLException {
        var trigger = TRIGGERS.get(defect);
        writer.execute("CREATE FUNCTION seeded_defect() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN " + trigger.body
                + " RETURN NEW; END $$");
        writer.execute("CREATE TRIGGER seeded_defect BEFORE " + trigger.event + " ON " + trigger.table
                + " FOR EACH ROW EXECUTE FUNCTION seeded_defect()");
    }

    static void remove(PostgresServer writer) throws SQLException {
        writer.execute("DROP FUNCTION IF EXISTS seeded_defect CASCADE");
    }
}
