package dev.meridian.infra;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Where PostgreSQL is, as the service is told: the clusters' own endpoints, home first, the same in
/// every Region. The global writer endpoint is never used: templates cannot read it, and it follows a
/// failover late.
final class SqlAddresses {
    private final Map<String, SqlStack> sqls;

    SqlAddresses(Map<String, SqlStack> sqls) {
        this.sqls = sqls;
    }

    SqlStack home() {
        return sqls.values().iterator().next();
    }

    /// The first candidate.
    String writerUrl() {
        return url(home().writerHost());
    }

    /// The other candidates, comma separated; null when there are none.
    String candidates() {
        var others =
                sqls.values().stream().skip(1).map(sql -> url(sql.writerHost())).collect(Collectors.joining(","));
        return others.isEmpty() ? null : others;
    }

    /// The readers of a Region, or those of the only cluster.
    String readerUrl(String region) {
        return url(sqls.getOrDefault(region, home()).readerHost());
    }

    /// What a role may log in to as a user: any cluster, since each may become the writer.
    List<String> logins(Names names, String user) {
        return sqls.values().stream()
                .map(sql -> names.arn("rds-db", sql.region, "dbuser:" + sql.resourceId() + "/" + user))
                .toList();
    }

    private static String url(String host) {
        return "postgresql://" + host + ":5432/" + SqlStack.DATABASE + "?sslmode=verify-full";
    }
}
