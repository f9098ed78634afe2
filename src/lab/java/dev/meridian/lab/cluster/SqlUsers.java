package dev.meridian.lab.cluster;

import dev.meridian.testing.PostgresServer;
import java.io.IOException;
import java.sql.SQLException;

/// The users of PostgreSQL, as in a deployment: the owner of the schema, as whom `migrate` runs, and the role
/// of the services, which `migrate` makes. The superuser is the lab's own.
final class SqlUsers {
    static final String OWNER = "meridian_owner";
    static final String OWNER_PASSWORD = "the-owners-password";
    static final String SERVICE = "meridian_app";
    static final String SERVICE_PASSWORD = "the-services-password";

    private SqlUsers() {}

    /// Makes the owner. From now on both users need TLS and their passwords.
    static void create(PostgresServer server) throws IOException, SQLException, InterruptedException {
        server.execute("CREATE ROLE " + OWNER + " LOGIN CREATEROLE PASSWORD '" + OWNER_PASSWORD + "'");
        server.execute("ALTER DATABASE postgres OWNER TO " + OWNER);
        server.admit("hostssl all " + OWNER + "," + SERVICE + " 127.0.0.1/32 scram-sha-256");
    }
}
