package dev.meridian.reconcile;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;

/// The rows of one table in one database, read with a cursor; a bounded number is in memory.
final class Side implements AutoCloseable {
    private static final int FETCHED_ROWS = 2000;

    private final Database database;
    private final PreparedStatement statement;
    private final ResultSet rows;
    private final int columns;
    private long read;

    private Side(Database database, PreparedStatement statement, ResultSet rows, int columns) {
        this.database = database;
        this.statement = statement;
        this.rows = rows;
        this.columns = columns;
    }

    static Side open(Database database, Connection connection, ComparedTable table, Optional<Instant> since)
            throws Failure {
        boolean hasTime = table.dependsOnTime(since.isPresent());
        try {
            var statement = connection.prepareStatement(table.query(hasTime));
            statement.setFetchSize(FETCHED_ROWS);
            if (hasTime) statement.setObject(1, since.orElseThrow().atOffset(ZoneOffset.UTC));
            return new Side(
                    database,
                    statement,
                    statement.executeQuery(),
                    table.columns().size());
        } catch (SQLException e) {
            throw new Failure(database.describe(e));
        }
    }

    /// The next row, null at the end.
    String[] next() throws Failure {
        try {
            if (!rows.next()) return null;
            var row = new String[columns];
            for (int i = 0; i < columns; i++) row[i] = rows.getString(i + 1);
            read++;
            return row;
        } catch (SQLException e) {
            throw new Failure(database.describe(e));
        }
    }

    long read() {
        return read;
    }

    @Override
    public void close() throws Failure {
        try {
            statement.close();
        } catch (SQLException e) {
            throw new Failure(database.describe(e));
        }
    }

    /// A database cannot be read; the message is for operators.
    static final class Failure extends Exception {
        private static final long serialVersionUID = 1L;

        Failure(String message) {
            super(message, null, false, false);
        }
    }
}
