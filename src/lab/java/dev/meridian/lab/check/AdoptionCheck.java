package dev.meridian.lab.check;

import dev.meridian.lab.client.AdoptablePool;
import dev.meridian.lab.client.Adoption;
import dev.meridian.lab.client.RegionClient;
import dev.meridian.lab.client.Workload;
import dev.meridian.lab.cluster.LabProcesses;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Checks adoptions: one SQL row decides the single adopter, and both Regions show the mysfit as adopted. A
/// failover may lose the row, which is not in the journal; the mark in DynamoDB stays.
final class AdoptionCheck {
    private final LabProcesses lab;
    private final Workload workload;

    AdoptionCheck(LabProcesses lab, Workload workload) {
        this.lab = lab;
        this.workload = workload;
    }

    void compare(Findings findings) throws SQLException, IOException {
        int writer = lab.databases().primary();
        var rows = rows(writer);
        findings.require(
                rows.equals(rows(1 - writer)),
                Violation.REGIONS_DIFFER,
                "the adoptions of the SQL writer and the reader");
        long asked = workload.history().adoptionsAskedAgain.sum();
        if (asked > 0) findings.count("adoptions asked for again by the checker", asked);
        var shown = new ArrayList<List<String>>();
        for (var region : lab.regions()) shown.add(AdoptablePool.adopted(region, workload.adoptables()));
        for (var mysfit : workload.adoptables()) {
            var adoption = workload.history().adoptions.getOrDefault(mysfit, new Adoption(mysfit));
            boolean isAnywhere = shown.stream().anyMatch(region -> region.contains(mysfit));
            row(adoption, rows.get(mysfit), findings);
            findings.require(
                    adoption.isPossible() || !isAnywhere,
                    Violation.ADOPTION_WRONG,
                    adoption + " is shown as adopted, and nobody could");
            if (!adoption.wasTold()) continue;
            var again = isAnywhere ? "" : askAgain(adoption, findings);
            for (int i = 0; i < shown.size(); i++) {
                var region = lab.regionNames().get(i);
                findings.require(
                        shown.get(i).contains(mysfit),
                        Violation.ADOPTION_LOST,
                        adoption + " is not shown as adopted in " + region + again);
            }
        }
    }

    /// The row decides who wins.
    private void row(Adoption adoption, String region, Findings findings) {
        findings.count("adoptions acknowledged", adoption.wins());
        findings.require(
                region == null || adoption.isPossible(),
                Violation.ADOPTION_WRONG,
                adoption + " is in SQL, and nobody could");
        if (workload.sawFailover()) return;
        findings.require(adoption.wins() <= 1, Violation.ADOPTION_WRONG, adoption + " has several adopters");
        findings.require(
                adoption.wins() == 0 || region != null && adoption.wasWonIn(region),
                Violation.ADOPTION_LOST,
                adoption + " is in SQL as adopted in " + region);
    }

    /// A mark that could not be written after its row is written by the next request. That would also repair
    /// failed replication and hide it, so this is only for mysfits that no Region shows as adopted.
    ///
    /// @return the response
    private String askAgain(Adoption adoption, Findings findings) throws IOException {
        try {
            var path = "/mysfits/" + adoption.mysfit() + "/adopt";
            int status = RegionClient.send(lab, lab.regionNames().getFirst(), "POST", path, null)
                    .statusCode();
            if (status == 200 && !workload.sawFailover())
                findings.violation(Violation.ADOPTION_LOST, adoption + " could be adopted again");
            workload.history().adoptionsAskedAgain.increment();
            return ", asking again was answered " + status;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
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
