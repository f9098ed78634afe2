package dev.meridian.infra;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// The rule of a composite alarm (CloudWatch API Reference, "PutCompositeAlarm", AlarmRule).
final class AlarmRule {
    private static final Pattern TOKEN = Pattern.compile(
            "\\s*(?:(ALARM|OK|INSUFFICIENT_DATA)\\s*\\(\\s*(\"[^\"]*\"|[^)\"]+?)\\s*\\)|(AND|OR|NOT|TRUE|FALSE|\\(|\\)))");

    private final List<String> tokens = new ArrayList<>();
    private final List<String> alarms = new ArrayList<>();
    private int at;

    private AlarmRule(String text) {
        var matcher = TOKEN.matcher(text);
        int end = 0;
        while (end < text.strip().length() && matcher.find(end) && matcher.start() == end) {
            end = matcher.end();
            if (matcher.group(1) == null) {
                tokens.add(matcher.group(3));
            } else {
                tokens.add("STATE");
                alarms.add(matcher.group(2).replace("\"", ""));
            }
        }
        if (!text.substring(end).isBlank())
            throw new IllegalArgumentException("not understood: " + text.substring(end));
    }

    /// The alarms that the rule names, by name or ARN.
    ///
    /// @throws IllegalArgumentException if it is no rule
    static List<String> alarms(String text) {
        var rule = new AlarmRule(text);
        rule.expression();
        if (rule.at < rule.tokens.size()) throw new IllegalArgumentException("too much: " + rule.tokens.get(rule.at));
        return rule.alarms;
    }

    private void expression() {
        term();
        while (at < tokens.size()
                && (tokens.get(at).equals("AND") || tokens.get(at).equals("OR"))) {
            at++;
            term();
        }
    }

    private void term() {
        var token = at < tokens.size() ? tokens.get(at++) : "nothing";
        switch (token) {
            case "STATE", "TRUE", "FALSE" -> {}
            case "NOT" -> term();
            case "(" -> {
                expression();
                if (at >= tokens.size() || !tokens.get(at++).equals(")"))
                    throw new IllegalArgumentException("a ) is missing");
            }
            default -> throw new IllegalArgumentException("an alarm's state is expected, and there is " + token);
        }
    }
}
