package dev.meridian.lab;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// The results of schedules in a file, one JSON object in a line for each, appended as they come. So a long series
/// can be run in parts, and its sums are those of one commit only.
final class ScheduleResults {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final String commit;
    private final String artifact;

    /// @param file is made when it is missing
    /// @param commit of the sources, `-dirty` behind it when they differ
    ScheduleResults(Path file, String commit, String artifact) {
        this.file = file.toAbsolutePath();
        this.commit = commit;
        this.artifact = artifact;
    }

    Path file() {
        return file;
    }

    void add(Schedules.Outcome outcome) throws IOException {
        var schedule = outcome.schedule();
        var line = new LinkedHashMap<String, Object>();
        line.put("commit", commit);
        line.put("artifact", artifact);
        line.put("at", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        line.put("seed", schedule.seed());
        line.put("holds", outcome.verdict().holds());
        line.put("mrsc", schedule.mrsc());
        line.put("lagMillis", schedule.lag().toMillis());
        line.put("routing", schedule.routing());
        line.put(
                "steps", schedule.steps().stream().map(Schedules.Step::toString).toList());
        line.put("millis", outcome.millis());
        line.put("convergedMillis", outcome.verdict().convergedAfter().toMillis());
        line.put("counts", outcome.verdict().counts());
        line.put("violations", outcome.verdict().violations());
        Files.createDirectories(file.getParent());
        Files.write(
                file,
                (JSON.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8),
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    /// The sums of this commit and artifact over all parts. Of a seed that ran more than once each run counts:
    /// a violation never vanishes.
    Map<String, Long> sums() throws IOException {
        var sums = new LinkedHashMap<String, Long>();
        var seeds = new TreeSet<Long>();
        var counts = new TreeMap<String, Long>();
        long runs = 0;
        long held = 0;
        long violations = 0;
        for (var line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
            var run = JSON.readTree(line);
            if (!run.path("commit").asText().equals(commit)
                    || !run.path("artifact").asText().equals(artifact)) continue;
            runs++;
            seeds.add(run.path("seed").asLong());
            if (run.path("holds").asBoolean()) held++;
            violations += run.path("violations").size();
            for (var count : run.path("counts").properties())
                counts.merge(count.getKey(), count.getValue().asLong(), Long::sum);
        }
        sums.put("schedules", runs);
        sums.put("different seeds", (long) seeds.size());
        sums.put("schedules in which all promises held", held);
        sums.put("violations", violations);
        sums.putAll(counts);
        return sums;
    }

    /// The commit that is checked out here, `unknown` without Git.
    static String checkedOut() {
        try {
            var head = git("rev-parse", "--short=12", "HEAD");
            return git("status", "--porcelain").isEmpty() ? head : head + "-dirty";
        } catch (IOException _) {
            return "unknown";
        }
    }

    private static String git(String... arguments) throws IOException {
        var command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        var answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        try {
            if (process.waitFor() != 0) throw new IOException("git fails");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        return answer;
    }
}
