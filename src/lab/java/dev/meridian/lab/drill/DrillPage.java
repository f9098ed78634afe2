package dev.meridian.lab.drill;

import dev.meridian.lab.LabState;
import dev.meridian.lab.drill.SvgPlot.Line;
import dev.meridian.lab.drill.SvgPlot.Mark;
import dev.meridian.lab.page.LabPages;
import dev.meridian.lab.page.Markdown;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/// A drill's report as one self-contained HTML file.
final class DrillPage {
    private final DrillReport report;
    private final DrillFigures figures;
    private final SvgPlot plot;

    private DrillPage(DrillReport report) {
        this.report = report;
        this.figures = report.figures();
        this.plot = new SvgPlot(
                figures.endedAt() / 1000.0,
                List.of(
                        new Mark(
                                figures.faultAt() / 1000.0,
                                report.options().losesRegion() ? "Region lost" : "writer killed"),
                        new Mark(figures.promotedAt() / 1000.0, "standby promoted"),
                        new Mark(figures.failbackAt() / 1000.0, "failback begins"),
                        new Mark(figures.healedAt() / 1000.0, "healed")));
    }

    static String html(DrillReport report) {
        var page = new DrillPage(report);
        return LabPages.read("drill.html")
                .replace(
                        "{stamp}",
                        report.holds() ? "Nothing acknowledged is missing" : "Acknowledged orders are missing")
                .replace("{look}", report.holds() ? "" : "bad")
                .replace("{what}", page.what())
                .replace(
                        "{event}",
                        report.event().substring(0, 1).toUpperCase(Locale.ROOT)
                                + report.event().substring(1))
                .replace("{cards}", page.cards())
                .replace("{failover}", page.outages(page.figures.failover()))
                .replace("{failback}", page.outages(page.figures.failback()))
                .replace("{loss}", rows(report.loss()))
                .replace("{plots}", page.plots())
                .replace("{others}", rows(report.others()));
    }

    private String what() {
        return "%s, seed %d. %s, %d ms between the Regions. Clients sent %.0f orders and %.0f reads a second through the router."
                .formatted(
                        LocalDate.now(ZoneOffset.UTC),
                        report.options().seed(),
                        Markdown.escape(report.artifact()),
                        report.roundTrip().toMillis(),
                        report.options().ordersPerSecond(),
                        report.options().readsPerSecond());
    }

    private String cards() {
        var loss = figures.loss();
        return card("RTO, orders acknowledged", gap(figures.failover().get(2)), "longest time without a 200 or 202")
                + card("RTO, orders confirmed", gap(figures.failover().get(3)), "longest time without a 200")
                + card("RTO, reads", gap(worst(figures.failover().subList(0, 2))), "longest time without an answer")
                + card(
                        "RPO before the replay",
                        Integer.toString(loss.missing()),
                        "confirmed orders that the new writer lacked")
                + card(
                        "RPO after the replay",
                        Integer.toString(loss.missingAfter()),
                        "acknowledged orders still missing");
    }

    private static Outage worst(List<Outage> outages) {
        return outages.stream()
                .max((a, b) -> Double.compare(a.longestGap(), b.longestGap()))
                .orElseThrow();
    }

    private static String gap(Outage outage) {
        return DrillReport.seconds(outage.longestGap());
    }

    private static String card(String name, String value, String what) {
        return "<div class=\"card\"><dt>%s</dt><dd><strong>%s</strong> <span>%s</span></dd></div>\n"
                .formatted(name, value, what);
    }

    private String outages(List<Outage> outages) {
        return outages.stream()
                .map(one -> "<tr><th scope=\"row\">%s</th><td>%d</td><td>%d</td><td>%s</td><td>%s</td><td>%s</td></tr>"
                        .formatted(
                                one.name(),
                                one.sent(),
                                one.failed(),
                                DrillReport.seconds(one.firstSuccess()),
                                one.failed() == 0 ? "none" : DrillReport.seconds(one.recovered()),
                                DrillReport.seconds(one.longestGap())))
                .collect(Collectors.joining("\n"));
    }

    private static String rows(Map<String, ?> rows) {
        return rows.entrySet().stream()
                .map(row -> "<tr><th scope=\"row\">%s</th><td>%s</td></tr>"
                        .formatted(Markdown.escape(row.getKey()), Markdown.escape(String.valueOf(row.getValue()))))
                .collect(Collectors.joining("\n"));
    }

    private String plots() {
        return plot.draw(
                        "Orders",
                        "answers per second",
                        List.of(
                                new Line("200 confirmed", "first", perSecond(one -> one.isConfirmed())),
                                new Line(
                                        "202 accepted",
                                        "second dashed",
                                        perSecond(one -> isOrder(one) && one.status() == 202)),
                                new Line("failed", "third", perSecond(one -> isOrder(one) && !one.isAnswered()))))
                + plot.draw(
                        "Reads",
                        "answers per second",
                        List.of(
                                new Line(
                                        "catalog",
                                        "first",
                                        perSecond(one -> one.kind() == Attempt.Kind.CATALOG_READ && one.isAnswered())),
                                new Line(
                                        "carts",
                                        "second dashed",
                                        perSecond(one -> one.kind() == Attempt.Kind.CART_READ && one.isAnswered())),
                                new Line("failed", "third", perSecond(one -> !isOrder(one) && !one.isAnswered()))))
                + plot.draw(
                        "Latency p99 of each second",
                        "milliseconds",
                        List.of(
                                new Line("reads", "first", p99(one -> !isOrder(one) && one.isAnswered())),
                                new Line("orders", "second dashed", p99(one -> isOrder(one) && one.isAnswered()))))
                + plot.draw(
                        "Replication lag",
                        "milliseconds",
                        List.of(
                                new Line("DynamoDB", "first", report.samples().line(LabState::dynamoLagMillis)),
                                new Line(
                                        "PostgreSQL",
                                        "second dashed",
                                        report.samples().line(LabState::sqlLagMillis))))
                + plot.draw("Open orders in the journal", "entries", open());
    }

    private List<Line> open() {
        var lines = new ArrayList<Line>();
        for (int i = 0; i < 2; i++) {
            int index = i;
            ToDoubleFunction<LabState> open =
                    state -> state.regions().get(index).openJournalEntries();
            lines.add(new Line(
                    i == 0 ? "first Region" : "second Region",
                    i == 0 ? "first" : "second dashed",
                    report.samples().line(open)));
        }
        return lines;
    }

    private static boolean isOrder(Attempt attempt) {
        return attempt.kind() == Attempt.Kind.ORDER;
    }

    private List<double[]> perSecond(Predicate<Attempt> which) {
        var counts = new double[(int) (figures.endedAt() / 1000) + 1];
        report.history().stream().filter(which).forEach(one -> {
            int second = (int) (one.endedAt() / 1000);
            if (second < counts.length) counts[second]++;
        });
        return line(counts);
    }

    private List<double[]> p99(Predicate<Attempt> which) {
        var values = new double[(int) (figures.endedAt() / 1000) + 1];
        for (int i = 0; i < values.length; i++) {
            int second = i;
            var took = report.history().stream()
                    .filter(which)
                    .filter(one -> (int) (one.sentAt() / 1000) == second)
                    .mapToDouble(Attempt::took)
                    .toArray();
            values[i] =
                    took.length == 0 ? Double.NaN : DrillFigures.Spread.of(took).p99();
        }
        return line(values);
    }

    /// Leaves out the last second, which is incomplete.
    private static List<double[]> line(double[] values) {
        var line = new ArrayList<double[]>();
        for (int i = 0; i < values.length - 1; i++) line.add(new double[] {i + .5, values[i]});
        return line;
    }
}
