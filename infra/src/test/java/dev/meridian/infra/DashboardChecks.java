package dev.meridian.infra;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// Bodies of dashboards (CloudWatch API Reference, "Dashboard body structure and syntax").
final class DashboardChecks {
    static final String DASHBOARD = "AWS::CloudWatch::Dashboard";
    private static final Set<String> TYPES = Set.of("metric", "text", "log", "alarm", "explorer", "custom");
    private static final int COLUMNS = 24;

    private DashboardChecks() {}

    static void look(Synthesis synthesis, Consumer<Finding> found) {
        synthesis.resources(DASHBOARD).forEach(dashboard -> {
            try {
                body(dashboard, found);
            } catch (JsonProcessingException e) {
                found.accept(dashboard.finding("dashboard", "the body is no JSON: " + e.getOriginalMessage()));
            }
        });
    }

    static JsonNode read(Resource dashboard) throws JsonProcessingException {
        return Synthesis.JSON.readTree(dashboard.text("DashboardBody"));
    }

    private static void body(Resource dashboard, Consumer<Finding> found) throws JsonProcessingException {
        var widgets = read(dashboard).path("widgets");
        if (!widgets.isArray() || widgets.isEmpty()) found.accept(dashboard.finding("dashboard", "has no widgets"));
        var places = new ArrayList<int[]>();
        for (var widget : widgets) {
            var type = widget.path("type").asText();
            var properties = widget.path("properties");
            if (!TYPES.contains(type)) found.accept(dashboard.finding("dashboard", "no type of a widget: " + type));
            int[] place = {
                widget.path("x").asInt(),
                widget.path("y").asInt(),
                widget.path("width").asInt(6),
                widget.path("height").asInt(6)
            };
            if (place[0] < 0 || place[2] < 1 || place[0] + place[2] > COLUMNS || place[3] < 1) {
                found.accept(dashboard.finding("dashboard", "a widget stands outside: " + widget));
            }
            if (places.stream().anyMatch(other -> overlap(place, other))) {
                found.accept(dashboard.finding("dashboard", "two widgets overlap at " + place[0] + ", " + place[1]));
            }
            places.add(place);
            if (type.equals("metric")) metric(dashboard, properties, found);
            if (type.equals("alarm") && properties.path("alarms").isEmpty()) {
                found.accept(dashboard.finding("dashboard", "a widget of alarms has none"));
            }
        }
    }

    private static void metric(Resource dashboard, JsonNode properties, Consumer<Finding> found) {
        if (!properties.path("region").isTextual())
            found.accept(dashboard.finding("dashboard", "a graph has no Region"));
        boolean empty = properties.path("metrics").isEmpty()
                && properties.at("/annotations/alarms").isEmpty();
        if (empty)
            found.accept(dashboard.finding(
                    "dashboard",
                    "a graph shows nothing: " + properties.path("title").asText()));
    }

    private static boolean overlap(int[] a, int[] b) {
        return a[0] < b[0] + b[2] && b[0] < a[0] + a[2] && a[1] < b[1] + b[3] && b[1] < a[1] + a[3];
    }

    /// The metrics of a dashboard: namespace and name.
    static List<String[]> metrics(Resource dashboard) {
        var all = new ArrayList<String[]>();
        try {
            for (var widget : read(dashboard).path("widgets")) {
                String[] last = {"", ""};
                for (var metric : widget.at("/properties/metrics")) {
                    if (!metric.path(0).isTextual()) continue;
                    var namespace = metric.path(0).asText();
                    var name = metric.path(1).asText();
                    // A dot repeats what the metric before has.
                    last = new String[] {namespace.equals(".") ? last[0] : namespace, name.equals(".") ? last[1] : name
                    };
                    all.add(last);
                }
            }
        } catch (JsonProcessingException e) {
            return List.of();
        }
        return all;
    }
}
