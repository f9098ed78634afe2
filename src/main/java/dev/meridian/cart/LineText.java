package dev.meridian.cart;

import java.util.ArrayList;
import java.util.List;

/// A [LineState] as it is stored: one record in each line of a text, its fields separated by spaces.
///
/// `B time amount key` is the base, `E time amount key of` an edit, whose `of` may be absent, `F time amount key of`
/// a former edit, and `P time minor` the price. What was never edited has no base, and what was never priced no price.
///
/// One text, and no list of texts, because reading a cart costs mostly the number of its attributes.
final class LineText {
    private static final char BASE = 'B';
    private static final char EDIT = 'E';
    private static final char FORMER = 'F';
    private static final char PRICE = 'P';
    private static final int RADIX = 10;

    /// A record of some 30 characters.
    private static final int LENGTH = 32;

    private LineText() {}

    static String of(LineState state) {
        var text = new StringBuilder(
                LENGTH * (2 + state.edits().size() + state.former().size()));
        var base = state.base();
        if (!base.equals(LineState.NOTHING.base())) {
            begin(text, BASE, base.time()).append(base.amount()).append(' ').append(base.key());
        }
        state.edits().forEach(edit -> append(text, EDIT, edit));
        state.former().forEach(edit -> append(text, FORMER, edit));
        var price = state.price();
        if (!price.equals(LineState.NOTHING.price()))
            begin(text, PRICE, price.time()).append(price.minor());
        return text.toString();
    }

    private static void append(StringBuilder text, char kind, LineEdit edit) {
        begin(text, kind, edit.time()).append(edit.amount()).append(' ').append(edit.key());
        if (!edit.of().isEmpty()) text.append(' ').append(edit.of());
    }

    private static StringBuilder begin(StringBuilder text, char kind, long time) {
        if (!text.isEmpty()) text.append('\n');
        return text.append(kind).append(' ').append(time).append(' ');
    }

    /// @throws RuntimeException when a newer version wrote the text
    static LineState parse(String text) {
        var base = LineState.NOTHING.base();
        var price = LineState.NOTHING.price();
        List<LineEdit> edits = List.of();
        List<LineEdit> former = List.of();
        for (int begin = 0; begin < text.length(); ) {
            int end = end(text, '\n', begin);
            switch (text.charAt(begin)) {
                case BASE -> base = edit(text, begin, end);
                case EDIT -> edits = with(edits, edit(text, begin, end));
                case FORMER -> former = with(former, edit(text, begin, end));
                case PRICE -> price = price(text, begin, end);
                default -> throw new IllegalArgumentException("a record of an unknown kind");
            }
            begin = end + 1;
        }
        return new LineState(base, edits, former, price);
    }

    private static List<LineEdit> with(List<LineEdit> edits, LineEdit next) {
        if (edits.isEmpty()) return List.of(next);
        var more = edits instanceof ArrayList<LineEdit> own ? own : new ArrayList<>(edits);
        more.add(next);
        return more;
    }

    private static LineEdit edit(String text, int begin, int end) {
        int time = begin + 2;
        int amount = end(text, ' ', time) + 1;
        int key = end(text, ' ', amount) + 1;
        int keyEnd = Math.min(end, end(text, ' ', key));
        return new LineEdit(
                Long.parseLong(text, time, amount - 1, RADIX),
                text.substring(key, keyEnd),
                Integer.parseInt(text, amount, key - 1, RADIX),
                keyEnd == end ? "" : text.substring(keyEnd + 1, end));
    }

    private static LineState.Price price(String text, int begin, int end) {
        int time = begin + 2;
        int minor = end(text, ' ', time) + 1;
        return new LineState.Price(
                Long.parseLong(text, time, minor - 1, RADIX), Long.parseLong(text, minor, end, RADIX));
    }

    private static int end(String text, char separator, int begin) {
        int end = text.indexOf(separator, begin);
        return end < 0 ? text.length() : end;
    }
}
