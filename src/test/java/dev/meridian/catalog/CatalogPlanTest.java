package dev.meridian.catalog;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.meridian.testing.StoresResource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;

/// A search of a large catalog uses the indexes. The test has its own server, because it runs VACUUM to give
/// the planner the size of the catalog.
class CatalogPlanTest {
    private static final Path MIGRATIONS = Path.of("src/main/resources/db/migration");
    private static final String FILL = """
            INSERT INTO products (id, name, description, price_minor)
            SELECT 'plan-' || i, md5(i::text) || ' ' || md5((i * 7)::text), 'About ' || md5((i * 13)::text), i
            FROM generate_series(1, 20000) AS i""";

    @Test
    void aSearchUsesTheIndexes() throws SQLException, IOException {
        var stores = new StoresResource();
        var url = stores.start().get("meridian.sql.writer-url");
        try (var sql = connect(url);
                var statement = sql.createStatement()) {
            for (var name : List.of("V001__catalog_orders_adoptions.sql", "V006__search_folds.sql"))
                statement.execute(Files.readString(MIGRATIONS.resolve(name)));
            statement.execute(FILL);
            statement.execute("VACUUM ANALYZE products");
            statement.execute("PREPARE search (text, text, text, int, bigint) AS " + CatalogRepository.SEARCH_TAGGED);
            // The plan that a pooled connection ends up with, whatever the keyword.
            statement.execute("SET plan_cache_mode = force_generic_plan");
            var lines = new StringJoiner("\n");
            try (var rows = statement.executeQuery("EXPLAIN EXECUTE search ('drgaon', '0.25', '0.5', 10, 0)")) {
                while (rows.next()) lines.add(rows.getString(1));
            }
            var plan = lines.toString();
            assertFalse(plan.contains("Seq Scan on products"), plan);
            assertTrue(plan.contains("Bitmap Index Scan on products_search_trigrams"), plan);
            assertTrue(plan.contains("Bitmap Index Scan on products_search_text"), plan);
            assertTrue(plan.contains("Bitmap Index Scan on products_by_tag"), plan);
        } finally {
            stores.stop();
        }
    }

    private static Connection connect(String url) throws SQLException {
        var login = new Properties();
        login.setProperty("user", "postgres");
        login.setProperty("password", "postgres");
        return new org.postgresql.Driver().connect("jdbc:" + url, login);
    }
}
