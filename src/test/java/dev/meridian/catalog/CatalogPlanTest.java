package dev.meridian.catalog;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.shared.ComponentTest;
import io.quarkus.test.junit.QuarkusTest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;

/// A search of a large catalog goes through the indexes. The products for it are made in a transaction that
/// is rolled back.
@QuarkusTest
@ComponentTest
class CatalogPlanTest {
    private static final String FILL = """
            INSERT INTO products (id, name, description, price_minor)
            SELECT 'plan-' || i, md5(i::text) || ' ' || md5((i * 7)::text), 'About ' || md5((i * 13)::text), i
            FROM generate_series(1, 3000) AS i""";

    @Test
    void aSearchUsesTheIndexes() throws SQLException {
        try (var sql = connect()) {
            sql.setAutoCommit(false);
            try (var statement = sql.createStatement()) {
                statement.execute(FILL);
                statement.execute("ANALYZE products");
                statement.execute(
                        "PREPARE search (text, text, text, int, bigint) AS " + CatalogRepository.SEARCH_TAGGED);
                // The plan that a pooled connection ends up with, whatever the keyword.
                statement.execute("SET LOCAL plan_cache_mode = force_generic_plan");
                // No VACUUM in a transaction, so the fresh indexes look dear. A step without an index reads all anyway.
                statement.execute("SET LOCAL enable_seqscan = off");
                var plan = new StringJoiner("\n");
                try (var lines = statement.executeQuery("EXPLAIN EXECUTE search ('drgaon', '0.25', '0.5', 10, 0)")) {
                    while (lines.next()) plan.add(lines.getString(1));
                }
                assertFalse(plan.toString().contains("Seq Scan on products"), plan::toString);
                assertTrue(plan.toString().contains("Bitmap Index Scan on products_trigrams"), plan::toString);
                assertTrue(plan.toString().contains("Bitmap Index Scan on products_full_text"), plan::toString);
                assertTrue(plan.toString().contains("Bitmap Index Scan on products_by_tag"), plan::toString);
            }
            sql.rollback();
        }
    }

    private static Connection connect() throws SQLException {
        var login = new Properties();
        login.setProperty("user", "postgres");
        login.setProperty("password", "postgres");
        return new org.postgresql.Driver()
                .connect("jdbc:" + System.getProperty("stores.meridian.sql.writer-url"), login);
    }
}
