package dev.meridian.testing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// A strict reader of OpenMetrics text (the OpenMetrics specification 1.0, "Text Format"), for what this
/// service may send: it knows neither state sets nor gauge histograms, and takes them for faults.
public final class OpenMetrics {
    private static final String NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
    private static final String LABELS = "\\{((?:[a-zA-Z_]\\w*=\"(?:[^\"\\\\\\n]|\\\\[\\\\n\"])*\"(?:,(?!})|(?=})))*)}";
    private static final String NUMBER = "[-+]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][-+]?\\d+)?|[+-]?Inf|NaN";

    private static final Pattern META =
            Pattern.compile("# (?<kind>TYPE|HELP|UNIT) (?<name>" + NAME + ")(?: (?<text>.*))?");
    private static final Pattern SAMPLE =
            Pattern.compile("(?<name>" + NAME + ")(?:" + LABELS + ")? (?<value>" + NUMBER + ")(?: (?<time>" + NUMBER
                    + "))?(?<exemplar> # " + LABELS + " (?:" + NUMBER + ")(?: (?:" + NUMBER + "))?)?");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    /// The endings of a type's samples.
    private static final Map<String, Set<String>> ENDINGS = Map.of(
            "counter", Set.of("_total", "_created"),
            "gauge", Set.of(""),
            "unknown", Set.of(""),
            "info", Set.of("_info"),
            "summary", Set.of("", "_count", "_sum", "_created"),
            "histogram", Set.of("_bucket", "_count", "_sum", "_created"));

    /// The buckets of one series so far.
    private record Buckets(List<Double> bounds, List<Double> counts) {}

    private final List<String> faults = new ArrayList<>();
    private final Set<String> families = new HashSet<>();
    private final Set<String> samples = new HashSet<>();
    private final Set<String> series = new HashSet<>();
    private final Map<String, Buckets> buckets = new LinkedHashMap<>();
    private final Map<String, Double> counts = new HashMap<>();
    private final Set<String> kinds = new HashSet<>();
    private String family = "";
    private String type = "unknown";
    private boolean hasSamples;

    private OpenMetrics() {}

    /// What is wrong with a text, one line each; empty for one that any strict reader accepts.
    public static List<String> faults(String text) {
        var reader = new OpenMetrics();
        if (!text.endsWith("\n# EOF\n")) reader.faults.add("the last line is not # EOF");
        text.substring(0, text.length() - Math.min(text.length(), "# EOF\n".length()))
                .lines()
                .forEach(reader::line);
        reader.checkBuckets();
        return reader.faults;
    }

    private void line(String line) {
        var meta = META.matcher(line);
        var sample = SAMPLE.matcher(line);
        if (meta.matches()) {
            meta(line, meta.group("kind"), meta.group("name"), meta.group("text"));
        } else if (sample.matches()) {
            sample(
                    line,
                    sample.group("name"),
                    sample.group(2) == null ? "" : sample.group(2),
                    Double.parseDouble(sample.group("value").replace("Inf", "Infinity")),
                    sample.group("exemplar"));
        } else {
            faults.add("neither metadata nor a sample: " + line);
        }
    }

    private void meta(String line, String kind, String name, String text) {
        if (!name.equals(family)) {
            begin(line, name);
        } else if (hasSamples || !kinds.add(kind)) {
            faults.add("metadata twice, or after samples: " + line);
        }
        kinds.add(kind);
        if (kind.equals("TYPE")) {
            type = text;
            if (!ENDINGS.containsKey(type)) faults.add("unknown type: " + line);
        }
        if (kind.equals("UNIT") && !text.isEmpty() && !name.endsWith("_" + text))
            faults.add("unit not in name: " + line);
    }

    private void begin(String line, String name) {
        if (!families.add(name)) faults.add("a family in two places: " + line);
        family = name;
        type = "unknown";
        kinds.clear();
        hasSamples = false;
    }

    private void sample(String line, String name, String labels, double value, String exemplar) {
        var ending = name.startsWith(family) && !family.isEmpty() ? name.substring(family.length()) : null;
        if (ending == null || !ENDINGS.getOrDefault(type, Set.of()).contains(ending)) {
            faults.add("no sample of " + type + " " + family + ": " + line);
            return;
        }
        hasSamples = true;
        samples.add(name);
        var own = new LinkedHashMap<String, String>();
        LABEL.matcher(labels).results().forEach(label -> {
            if (own.put(label.group(1), label.group(2)) != null) faults.add("a label twice: " + line);
        });
        if (!series.add(name + new java.util.TreeMap<>(own))) faults.add("a series twice: " + line);
        boolean isMonotonic = type.equals("counter") || type.equals("histogram");
        if (isMonotonic && !(value >= 0)) faults.add("less than 0: " + line);
        if (exemplar != null && !Set.of("_total", "_bucket").contains(ending)) faults.add("an exemplar here: " + line);
        if (exemplar != null && exemplarLength(exemplar) > 128) faults.add("a long exemplar: " + line);
        if (type.equals("histogram")) histogram(line, ending, own, value);
    }

    private static int exemplarLength(String exemplar) {
        return LABEL.matcher(exemplar)
                .results()
                .mapToInt(label -> label.group(1).length() + label.group(2).length())
                .sum();
    }

    private void histogram(String line, String ending, Map<String, String> labels, double value) {
        var bound = labels.remove("le");
        var key = family + labels;
        if (ending.equals("_count")) counts.put(key, value);
        if (!ending.equals("_bucket")) return;
        if (bound == null || !bound.matches("\\d+\\.\\d+(e[-+]\\d+)?|\\+Inf")) {
            faults.add("the bound is no float in canonical form: " + line);
            return;
        }
        var known = buckets.computeIfAbsent(key, _ -> new Buckets(new ArrayList<>(), new ArrayList<>()));
        known.bounds().add(Double.parseDouble(bound.replace("Inf", "Infinity")));
        known.counts().add(value);
    }

    private void checkBuckets() {
        counts.forEach((key, count) -> {
            var found = buckets.get(key);
            if (found == null || !found.bounds().getLast().isInfinite()) {
                faults.add("no bucket to infinity: " + key);
            } else if (!found.counts().getLast().equals(count)) {
                faults.add("the last bucket is not the count: " + key);
            } else if (!isSorted(found.bounds()) || !isSorted(found.counts())) {
                faults.add("buckets do not grow: " + key + " " + found);
            }
        });
        for (var name : families) {
            for (var ending : List.of("_total", "_created", "_count", "_sum", "_bucket", "_info")) {
                if (samples.contains(name + ending) && families.contains(name + ending)) {
                    faults.add("two families have samples of one name: " + name + ending);
                }
            }
        }
    }

    private static boolean isSorted(List<Double> numbers) {
        return numbers.equals(numbers.stream().sorted().toList());
    }
}
