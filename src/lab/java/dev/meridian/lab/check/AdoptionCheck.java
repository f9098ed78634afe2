package dev.meridian.lab.check;

import dev.meridian.lab.client.AdoptablePool;
import dev.meridian.lab.client.Adoption;
import dev.meridian.lab.client.Workload;
import dev.meridian.lab.cluster.LabProcesses;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Checks adoptions: one SQL row decides the single adopter, and both Regions show the mysfit as adopted. A row that a
/// failover lost is made again from the mark in DynamoDB.
final class AdoptionCheck {
    private final LabProcesses lab;
    private final Workload workload;

    AdoptionCheck(LabProcesses lab, Workload workload) {
        this.lab = lab;
        this.workload = workload;
    }

    void compare(Findings findings) throws SQLException {
        int writer = lab.databases().primary();
        var rows = rows(writer);
        findings.require(
                rows.equals(rows(1 - writer)),
                Violation.REGIONS_DIFFER,
                "the adoptions of the SQL writer and the reader");
        var shown = new ArrayList<List<String>>();
        for (var region : lab.regions()) shown.add(AdoptablePool.adopted(region, workload.adoptables()));
        for (var mysfit : workload.adoptables()) {
            var adoption = workload.history().adoptions.getOrDefault(mysfit, new Adoption(mysfit));
            boolean isAnywhere = shown.stream().anyMatch(region -> region.contains(mysfit));
            row(adoption, rows.get(mysfit), isAnywhere, findings);
            findings.require(
                    adoption.isPossible() || !isAnywhere,
                    Violation.ADOPTION_WRONG,
                    adoption + " is shown as adopted, and nobody could");
            if (!adoption.wasTold()) continue;
            for (int i = 0; i < shown.size(); i++) {
                var region = lab.regionNames().get(i);
                findings.require(
                        shown.get(i).contains(mysfit),
                        Violation.ADOPTION_LOST,
                        adoption + " is not shown as adopted in " + region);
            }
        }
    }

    /// The row decides who wins. Only a failover that lost it lets another adopt, in a Region that had not got the
    /// mark yet.
    ///
    /// @param region in the row; null without one
    private void row(Adoption adoption, String region, boolean isShown, Findings findings) {
        findings.count("adoptions acknowledged", adoption.wins());
        findings.require(
                region == null || adoption.isPossible(),
                Violation.ADOPTION_WRONG,
                adoption + " is in SQL, and nobody could");
        findings.require(
                adoption.wins() <= 1 || workload.sawFailover() && !adoption.isTwiceInOneReplica(),
                Violation.ADOPTION_WRONG,
                adoption + " has several adopters");
        findings.require(
                adoption.wins() == 0 && !isShown
                        || region != null && (adoption.wins() == 0 || adoption.wasWonIn(region)),
                Violation.ADOPTION_LOST,
                adoption + " is in SQL as adopted in " + region);
    }

    /// The Region of the winner, by mysfit of this run.
    private Map<String, String> rows(int region) throws SQLException {
        var rows = new HashMap<String, String>();
        try (var connection = lab.databases().server(region).connect();
                var statement = connection.createStatement();
                var result = statement.executeQuery("SELECT mysfit_id, region FROM adoptions")) {
            while (result.next()) {
                if (workload.adoptables().contains(result.getString(1)))
                    rows.put(result.getString(1), result.getString(2));
            }
        }
        return rows;
    }
}
