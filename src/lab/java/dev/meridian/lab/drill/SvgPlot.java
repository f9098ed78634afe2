package dev.meridian.lab.drill;

import java.util.List;
import java.util.Locale;

/// A plot over time as SVG, without a script.
final class SvgPlot {
    private static final double WIDTH = 860;
    private static final double HEIGHT = 190;
    private static final double LEFT = 52;
    private static final double RIGHT = 12;
    private static final double TOP = 34;
    private static final double BOTTOM = 24;

    /// @param look the CSS class of the line
    /// @param points seconds and values; NaN is a gap
    record Line(String name, String look, List<double[]> points) {}

    /// An event, drawn as a vertical line.
    record Mark(double second, String name) {}

    private final double seconds;
    private final List<Mark> marks;

    SvgPlot(double seconds, List<Mark> marks) {
        this.seconds = seconds;
        this.marks = marks;
    }

    String draw(String title, String unit, List<Line> lines) {
        double most = lines.stream()
                .flatMap(line -> line.points().stream())
                .mapToDouble(point -> point[1])
                .filter(value -> !Double.isNaN(value))
                .max()
                .orElse(1);
        double top = above(Math.max(most, 1));
        var svg = new StringBuilder("<figure><figcaption><h3>%s</h3><span class=\"keys\">".formatted(title));
        for (var line : lines) {
            svg.append(
                    ("<span class=\"key\"><svg viewBox=\"0 0 22 8\" aria-hidden=\"true\"><path class=\"line %s\" d=\"M0 4H22\"/>"
                                    + "</svg>%s</span>")
                            .formatted(line.look(), line.name()));
        }
        svg.append(
                "</span></figcaption><svg class=\"plot\" viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-label=\"%s, %s, over %.0f seconds\">"
                        .formatted(WIDTH, HEIGHT, title, unit, seconds));
        frame(svg, unit, top);
        for (int i = 0; i < marks.size(); i++) mark(svg, marks.get(i), i % 2);
        for (var line : lines) svg.append("<path class=\"line %s\" d=\"%s\"/>".formatted(line.look(), path(line, top)));
        return svg.append("</svg></figure>\n").toString();
    }

    private void frame(StringBuilder svg, String unit, double top) {
        int parts = parts(top);
        for (int i = 0; i <= parts; i++) {
            double y = y(top * i / parts, top);
            svg.append(format(
                    "<path class=\"%s\" d=\"M%.1f %.1fH%.1f\"/>", i == 0 ? "axis" : "grid", LEFT, y, WIDTH - RIGHT));
            svg.append(format(
                    "<text x=\"%.1f\" y=\"%.1f\" class=\"end\">%s</text>", LEFT - 6, y + 4, number(top * i / parts)));
        }
        double step = seconds > 150 ? 30 : seconds > 60 ? 10 : 5;
        for (double at = 0; at <= seconds; at += step) {
            svg.append(format("<path class=\"axis\" d=\"M%.1f %.1fv4\"/>", x(at), HEIGHT - BOTTOM));
            svg.append(format(
                    "<text x=\"%.1f\" y=\"%.1f\" class=\"middle\">%.0f s</text>", x(at), HEIGHT - BOTTOM + 16, at));
        }
        svg.append(format("<text x=\"0\" y=\"%.1f\">%s</text>", TOP - 22, unit));
    }

    private void mark(StringBuilder svg, Mark mark, int row) {
        double x = x(mark.second());
        boolean isLate = mark.second() > seconds * .8;
        svg.append(format("<path class=\"mark\" d=\"M%.1f %.1fV%.1f\"/>", x, TOP - 18 + row * 11, HEIGHT - BOTTOM));
        svg.append(format(
                "<text x=\"%.1f\" y=\"%.1f\" class=\"event%s\">%s</text>",
                x + (isLate ? -4 : 4), TOP - 11 + row * 11, isLate ? " end" : "", mark.name()));
    }

    private String path(Line line, double top) {
        var path = new StringBuilder();
        var pen = "M";
        for (var point : line.points()) {
            if (Double.isNaN(point[1])) {
                pen = "M";
            } else {
                path.append(format("%s%.1f %.1f", pen, x(point[0]), y(point[1], top)));
                pen = "L";
            }
        }
        return path.toString();
    }

    private double x(double second) {
        return LEFT + (WIDTH - LEFT - RIGHT) * second / seconds;
    }

    private static double y(double value, double top) {
        return TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top);
    }

    /// The smallest of 1, 2, 5, 10, 20, 50 … that is not below a value.
    private static double above(double value) {
        double power = Math.pow(10, Math.floor(Math.log10(value)));
        for (double step : new double[] {1, 2, 5}) if (step * power >= value * .999) return step * power;
        return 10 * power;
    }

    /// The number of round parts that such a number divides into.
    private static int parts(double top) {
        return Math.round(top / Math.pow(10, Math.floor(Math.log10(top) + 1e-9))) == 5 ? 5 : 4;
    }

    static String number(double value) {
        return value == Math.rint(value)
                ? format("%,.0f", value)
                : value >= 100 ? format("%,.0f", value) : format("%.1f", value);
    }

    private static String format(String text, Object... values) {
        return String.format(Locale.ROOT, text, values);
    }
}
