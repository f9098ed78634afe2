package dev.meridian.lab.page;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The subset of Markdown in the runbooks: headings, paragraphs, lists, tables, fenced code, emphasis, code,
/// links.
public final class Markdown {
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern LINK = Pattern.compile("\\[([^\\]]+)]\\(([^)\\s]+)\\)");
    private static final Pattern BOLD = Pattern.compile("\\*\\*([^*]+)\\*\\*");
    private static final Pattern ITEM = Pattern.compile("(?:- |\\d+\\. )(.*)");

    private final List<String> lines;
    private final StringBuilder html = new StringBuilder();
    private int at;

    private Markdown(String text) {
        lines = text.lines().toList();
    }

    static String html(String text) {
        var reader = new Markdown(text);
        while (reader.at < reader.lines.size()) reader.block();
        return reader.html.toString();
    }

    private void block() {
        var line = lines.get(at);
        if (line.isBlank()) {
            at++;
        } else if (line.startsWith("```")) {
            code();
        } else if (line.startsWith("#")) {
            int level = line.indexOf(' ');
            html.append("<h%d>%s</h%d>%n".formatted(level, inline(line.substring(level + 1)), level));
            at++;
        } else if (line.startsWith("|")) {
            table();
        } else if (ITEM.matcher(line).matches()) {
            list(line.startsWith("- ") ? "ul" : "ol");
        } else {
            html.append("<p>").append(inline(paragraph())).append("</p>\n");
        }
    }

    private void code() {
        html.append("<pre tabindex=\"0\"><code>");
        for (at++; at < lines.size() && !lines.get(at).startsWith("```"); at++) {
            html.append(escape(lines.get(at))).append('\n');
        }
        at++;
        html.append("</code></pre>\n");
    }

    private void table() {
        var rows = new ArrayList<List<String>>();
        for (; at < lines.size() && lines.get(at).startsWith("|"); at++) {
            var cells = lines.get(at).substring(1).split("(?<!\\\\)\\|");
            rows.add(List.of(cells).stream()
                    .map(cell -> cell.replace("\\|", "|").strip())
                    .toList());
        }
        html.append("<div class=\"scroll\"><table>");
        row(rows.getFirst(), "th");
        rows.stream().skip(2).forEach(row -> row(row, "td"));
        html.append("</table></div>\n");
    }

    private void row(List<String> cells, String tag) {
        html.append(cells.stream()
                .map(cell -> "<" + tag + ">" + inline(cell) + "</" + tag + ">")
                .collect(Collectors.joining("", "<tr>", "</tr>")));
    }

    /// List items, each with the lines indented below it.
    private void list(String tag) {
        html.append('<').append(tag).append(">\n");
        while (at < lines.size() && ITEM.matcher(lines.get(at)).matches()) {
            var item = new ArrayList<String>();
            item.add(ITEM.matcher(lines.get(at++)).replaceFirst("$1"));
            while (at < lines.size()
                    && (lines.get(at).startsWith("  ") || lines.get(at).isBlank() && isIndented(at + 1))) {
                item.add(lines.get(at++).strip());
            }
            html.append("<li>").append(item(item)).append("</li>\n");
        }
        html.append("</").append(tag).append(">\n");
    }

    private boolean isIndented(int line) {
        return line < lines.size() && lines.get(line).startsWith("  ");
    }

    private static String item(List<String> item) {
        boolean isPlain = item.stream().noneMatch(line -> line.startsWith("```") || line.isBlank());
        return isPlain ? inline(String.join(" ", item)) : html(String.join("\n", item));
    }

    private String paragraph() {
        var text = new ArrayList<String>();
        while (at < lines.size()
                && !lines.get(at).isBlank()
                && !lines.get(at).startsWith("```")
                && (text.isEmpty() || !ITEM.matcher(lines.get(at)).matches())) {
            text.add(lines.get(at++).strip());
        }
        return String.join(" ", text);
    }

    /// Code first, because its content stays unchanged.
    private static String inline(String text) {
        var out = new StringBuilder();
        var code = CODE.matcher(text);
        int from = 0;
        while (code.find()) {
            out.append(marks(text.substring(from, code.start())));
            out.append("<code>").append(escape(code.group(1))).append("</code>");
            from = code.end();
        }
        return out.append(marks(text.substring(from))).toString();
    }

    private static String marks(String text) {
        var html = LINK.matcher(escape(text)).replaceAll("<a href=\"$2\">$1</a>");
        return BOLD.matcher(html).replaceAll("<strong>$1</strong>");
    }

    /// Escapes text for HTML.
    public static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
