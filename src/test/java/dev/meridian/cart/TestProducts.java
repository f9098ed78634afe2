package dev.meridian.cart;

import dev.meridian.shared.Http;
import java.sql.SQLException;
import java.util.Properties;
import java.util.stream.IntStream;
import org.postgresql.Driver;

/// Products of a test's own, put straight into the store.
public final class TestProducts {
    private TestProducts() {}

    /// A new product with unlimited stock.
    ///
    /// @param priceMinor its price in minor units
    /// @return its id
    public static String create(long priceMinor) {
        return create(priceMinor, null);
    }

    /// A new product.
    ///
    /// @param priceMinor its price in minor units
    /// @param stock how many there are; null for no limit
    /// @return its id
    public static String create(long priceMinor, Integer stock) {
        var id = Http.anId("p");
        insert(new String[] {id}, priceMinor, stock);
        return id;
    }

    /// New products with unlimited stock, in the order of their ids.
    public static String[] createMany(int count) {
        var prefix = Http.anId("p");
        var ids = IntStream.range(0, count)
                .mapToObj(i -> prefix + "-" + (1000 + i))
                .toArray(String[]::new);
        insert(ids, 100, null);
        return ids;
    }

    /// Changes the price of a product.
    public static void price(String id, long priceMinor) {
        run("UPDATE products SET price_minor = ? WHERE id = ANY (?)", new String[] {id}, priceMinor);
    }

    private static void insert(String[] ids, long priceMinor, Integer stock) {
        run(
                "INSERT INTO products (price_minor, id, name, stock) SELECT ?, id, 'Product ' || id, " + stock
                        + "::integer FROM unnest(?) AS id",
                ids,
                priceMinor);
    }

    private static void run(String sql, String[] ids, long priceMinor) {
        var login = new Properties();
        login.setProperty("user", "postgres");
        login.setProperty("password", "postgres");
        try (var connection =
                        new Driver().connect("jdbc:" + System.getProperty("stores.meridian.sql.writer-url"), login);
                var statement = connection.prepareStatement(sql)) {
            statement.setLong(1, priceMinor);
            statement.setArray(2, connection.createArrayOf("text", ids));
            statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
