package dev.meridian.scoreimport;

import dev.meridian.leaderboard.Score;
import dev.meridian.leaderboard.ScoreEntry;
import dev.meridian.scoreimport.ImportRepository.Origin;
import dev.meridian.scoreimport.ImportResult.Rejected;
import dev.meridian.shared.Ids;
import dev.meridian.shared.ProblemException;
import dev.meridian.shared.SharedProblem;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The state of one import: what was read, what is stored, what was rejected.
final class ImportRun {
    private static final List<String> REQUIRED = List.of("player", "country", "score");
    private static final String PLAYED_AT = "playedat";
    private static final int PROGRESS_ROWS = 100;

    /// A line that became a score, or the reason why it did not.
    record Line(long number, Optional<Score> score, String reason) {}

    private final ScoreImportConfig config;
    private final Origin origin;
    private final Optional<String> importId;
    private final CsvDecoder csv;
    private final List<Rejected> rejected = new ArrayList<>();
    private final long begunAt = System.nanoTime();
    private long hundredBegunAt = begunAt;
    /// The place of each column by its name; empty before the first line.
    private Map<String, Integer> columns = Map.of();

    private int width;
    private int rows;
    private int imported;
    private int done;
    private int rejectedNotListed;

    /// @param importId what the ids of the scores are derived from; empty: each score gets a new one
    ImportRun(ScoreImportConfig config, CsvEncoding.Kind charset, Origin origin, Optional<String> importId) {
        this.config = config;
        this.origin = origin;
        this.importId = importId;
        this.csv = new CsvDecoder(config.importRowBytesMax(), charset);
    }

    List<Line> feed(byte[] piece) {
        return lines(csv.feed(piece));
    }

    List<Line> finish() {
        var lines = lines(csv.finish());
        if (columns.isEmpty()) throw wrongHeader("is missing");
        return lines;
    }

    private List<Line> lines(List<CsvDecoder.Row> read) {
        var lines = new ArrayList<Line>(read.size());
        for (var row : read) {
            if (columns.isEmpty()) {
                if (row.problem() != null) throw wrongHeader(row.problem());
                columns = columns(row.fields());
                width = row.fields().size();
            } else {
                if (++rows > config.importRowsMax()) throw tooManyRows();
                lines.add(line(row));
            }
        }
        return lines;
    }

    private static Map<String, Integer> columns(List<String> header) {
        var places = new HashMap<String, Integer>();
        for (int i = 0; i < header.size(); i++) {
            var name = header.get(i).toLowerCase(Locale.ROOT).replaceAll("[\\s_-]", "");
            boolean isKnown = name.equals(PLAYED_AT) || REQUIRED.contains(name);
            if (isKnown && places.put(name, i) != null) throw wrongHeader("names " + name + " twice");
        }
        for (var name : REQUIRED) {
            if (!places.containsKey(name)) {
                throw wrongHeader("names no " + name
                        + (header.size() == 1 ? "; its columns are separated by commas, semicolons or tabs" : ""));
            }
        }
        return places;
    }

    private Line line(CsvDecoder.Row row) {
        if (row.problem() != null) return new Line(row.line(), Optional.empty(), row.problem());
        if (hasMore(row.fields())) {
            var reason = "has " + row.fields().size() + " fields instead of " + width;
            return new Line(row.line(), Optional.empty(), reason);
        }
        try {
            return new Line(row.line(), Optional.of(score(row)), "");
        } catch (ProblemException e) {
            return new Line(row.line(), Optional.empty(), e.getMessage());
        }
    }

    /// Empty fields at the end are a spreadsheet's, and so are missing ones.
    private boolean hasMore(List<String> fields) {
        return fields.size() > width
                && !fields.subList(width, fields.size()).stream().allMatch(String::isBlank);
    }

    private String field(CsvDecoder.Row row, String column) {
        int place = columns.getOrDefault(column, Integer.MAX_VALUE);
        return place < row.fields().size() ? row.fields().get(place) : "";
    }

    /// The id is derived from the line and all of its values. So a repetition writes the same items, and another file
    /// under the same key overwrites none.
    private Score score(CsvDecoder.Row row) {
        var entry = ScoreEntry.parse(
                field(row, "player"), field(row, "country"), WholeNumber.digits(field(row, "score"), csv.separator()));
        var time = field(row, PLAYED_AT).strip();
        var playedAt = time.isEmpty() ? origin.startedAt() : playedAt(time, config.clockTolerance());
        var id = importId.map(from -> Ids.derive(
                        from,
                        Long.toString(row.line()),
                        entry.player(),
                        entry.country(),
                        Long.toString(entry.score()),
                        time))
                .orElseGet(Ids::ulid);
        return new Score(id, entry.player(), entry.country(), entry.score(), playedAt, origin.region());
    }

    /// The time of a score in a file, ISO-8601 with a zone or offset.
    ///
    /// @param tolerance how far in the future it may lie
    static Instant playedAt(String raw, Duration tolerance) {
        try {
            var time = OffsetDateTime.parse(raw.strip()).toInstant().truncatedTo(ChronoUnit.MILLIS);
            if (!time.isBefore(Instant.EPOCH) && time.isBefore(Instant.now().plus(tolerance))) return time;
        } catch (DateTimeParseException _) {
            throw ProblemException.invalid("playedAt", "is not an ISO-8601 time such as 2026-11-21T07:01:33Z");
        }
        throw ProblemException.invalid("playedAt", "lies before 1970 or in the future");
    }

    /// Counts a batch that is stored.
    ///
    /// @return a line of progress for each hundred rows that are now done, with the seconds those took
    synchronized List<String> done(List<Line> batch) {
        for (var line : batch) {
            if (line.score().isPresent()) imported++;
            else if (rejected.size() < config.importRejectedMax())
                rejected.add(new Rejected(line.number(), line.reason()));
            else rejectedNotListed++;
        }
        var progress = new ArrayList<String>();
        int before = done / PROGRESS_ROWS;
        done += batch.size();
        for (int hundred = before + 1; hundred <= done / PROGRESS_ROWS; hundred++) {
            long now = System.nanoTime();
            progress.add("row: " + hundred * PROGRESS_ROWS + " in " + seconds(now - hundredBegunAt));
            hundredBegunAt = now;
        }
        return progress;
    }

    synchronized ImportResult result() {
        var seconds = seconds(System.nanoTime() - begunAt);
        var sorted = rejected.stream()
                .sorted(Comparator.comparingLong(Rejected::line))
                .toList();
        return new ImportResult(imported, sorted, rejectedNotListed, seconds);
    }

    /// Rounded to hundredths.
    private static BigDecimal seconds(long nanos) {
        return BigDecimal.valueOf(nanos, 9).setScale(2, RoundingMode.HALF_UP);
    }

    private static ProblemException wrongHeader(String why) {
        return ProblemException.invalid(
                "header",
                why + "; the first line must name the columns player, country, score and, if wanted, playedAt");
    }

    private ProblemException tooManyRows() {
        return new ProblemException(
                SharedProblem.CONTENT_TOO_LARGE,
                "More than " + config.importRowsMax() + " rows; a part of them is imported.");
    }
}
