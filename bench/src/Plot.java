import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Horizontal bars in groups, as SVG for light and dark pages. */
final class Plot {
    private static final List<String> COLOURS = List.of("#1f6f8b", "#e07a3f", "#7a9e3b", "#8a5aa8", "#b0455a", "#666666");
    private static final int LEFT = 190;
    private static final int RIGHT = 80;
    private static final int WIDTH = 760;
    private static final int BAR = 14;
    private static final int GAP = 14;
    private static final int TOP = 58;

    private record Group(String name, double[] values) {}

    private final String title;
    private final String unit;
    private final List<String> series;
    private final List<Group> groups = new ArrayList<>();

    Plot(String title, String unit, List<String> series) {
        this.title = title;
        this.unit = unit;
        this.series = series;
    }

    /** One bar for each series. */
    Plot group(String name, double[] values) {
        groups.add(new Group(name, values));
        return this;
    }

    String svg() {
        double max = groups.stream()
                .flatMapToDouble(g -> java.util.Arrays.stream(g.values()))
                .filter(Double::isFinite)
                .max()
                .orElse(1);
        int height = TOP + groups.size() * (series.size() * BAR + GAP) + 6;
        var svg = new StringBuilder();
        svg.append("""
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img" \
                font-family="system-ui, sans-serif" font-size="12">
                <title>%s (%s)</title>
                <rect width="100%%" height="100%%" fill="#fdfdfb"/>
                <text x="12" y="22" font-size="15" font-weight="600" fill="#222">%s (%s)</text>
                """.formatted(WIDTH, height, WIDTH, height, title, unit, title, unit));
        int x = 12;
        for (int i = 0; i < series.size(); i++) {
            svg.append("<rect x=\"%d\" y=\"33\" width=\"11\" height=\"11\" fill=\"%s\"/>".formatted(x, colour(i)));
            svg.append("<text x=\"%d\" y=\"43\" fill=\"#333\">%s</text>\n".formatted(x + 16, series.get(i)));
            x += 34 + 8 * series.get(i).length();
        }
        int y = TOP;
        for (var group : groups) {
            int middle = y + series.size() * BAR / 2 + 4;
            svg.append("<text x=\"%d\" y=\"%d\" text-anchor=\"end\" fill=\"#222\">%s</text>\n"
                    .formatted(LEFT - 8, middle, group.name()));
            for (int i = 0; i < group.values().length; i++) {
                double value = group.values()[i];
                if (!Double.isFinite(value)) continue;
                double width = value / max * (WIDTH - LEFT - RIGHT);
                svg.append(String.format(Locale.ROOT,
                        "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>"
                                + "<text x=\"%.1f\" y=\"%d\" font-size=\"11\" fill=\"#333\">%s</text>\n",
                        LEFT, y + i * BAR, width, BAR - 2, colour(i), LEFT + width + 5, y + i * BAR + 10,
                        Report.number(value)));
            }
            y += series.size() * BAR + GAP;
        }
        return svg.append("</svg>\n").toString();
    }

    private static String colour(int i) {
        return COLOURS.get(i % COLOURS.size());
    }
}
