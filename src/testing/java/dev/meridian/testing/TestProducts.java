package dev.meridian.testing;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Properties;
import java.util.UUID;
import java.util.stream.IntStream;
import org.postgresql.Driver;

/// Products for a single test, inserted directly into the store.
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
        var id = anId();
        create(id, priceMinor, stock);
        return id;
    }

    /// A new product with an id of the caller's choice.
    ///
    /// @param stock how many there are; null for no limit
    public static void create(String id, long priceMinor, Integer stock) {
        try (var connection = connect()) {
            insert(connection, new String[] {id}, priceMinor, stock);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /// A new product in a database other than that of [StoresResource].
    ///
    /// @param stock how many there are; null for no limit
    public static void create(Connection database, String id, long priceMinor, Integer stock) throws SQLException {
        insert(database, new String[] {id}, priceMinor, stock);
    }

    /// New products with unlimited stock, in the order of their ids.
    public static String[] createMany(int count) {
        var prefix = anId();
        var ids = IntStream.range(0, count)
                .mapToObj(i -> prefix + "-" + (1000 + i))
                .toArray(String[]::new);
        try (var connection = connect()) {
            insert(connection, ids, 100, null);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return ids;
    }

    /// Changes the price of a product.
    public static void price(String id, long priceMinor) {
        try (var connection = connect();
                var update = connection.prepareStatement("UPDATE products SET price_minor = ? WHERE id = ?")) {
            update.setLong(1, priceMinor);
            update.setString(2, id);
            update.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Without [Http], which needs a library that the lab has not.
    private static String anId() {
        return "p-" + UUID.randomUUID();
    }

    private static void insert(Connection connection, String[] ids, long priceMinor, Integer stock)
            throws SQLException {
        try (var insert = connection.prepareStatement("""
                INSERT INTO products (id, name, price_minor, stock)
                SELECT id, 'Product ' || id, ?, ? FROM unnest(?) AS id""")) {
            insert.setLong(1, priceMinor);
            insert.setObject(2, stock, Types.INTEGER);
            insert.setArray(3, connection.createArrayOf("text", ids));
            insert.executeUpdate();
        }
    }

    private static Connection connect() throws SQLException {
        var login = new Properties();
        login.setProperty("user", "postgres");
        login.setProperty("password", "postgres");
        return new Driver().connect("jdbc:" + System.getProperty("stores.meridian.sql.writer-url"), login);
    }
}
