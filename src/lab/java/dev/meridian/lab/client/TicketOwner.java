package dev.meridian.lab.client;

import dev.meridian.lab.client.History.Created;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Changes the tickets of one client: who works on them, which is the mark of the change, and their status.
final class TicketOwner {
    private static final List<String> STATUSES = List.of("open", "assigned", "closed");

    /// @param created the request that made it
    private record Own(String id, Created created) {}

    private final Workload workload;
    private final LabHttp http;
    private final Random random;
    private final List<Own> own = new ArrayList<>();
    /// Of the ticket that was changed last; 0 when it is not known.
    private long version;

    private String changed = "";

    TicketOwner(Workload workload, LabHttp http, Random random) {
        this.workload = workload;
        this.http = http;
        this.random = random;
    }

    void owns(Created created) {
        created.ids().forEach(id -> own.add(new Own(id, created)));
    }

    /// Changes one of the last tickets; sometimes two do so at once, perhaps in both Regions.
    ///
    /// @return whether there is a ticket
    boolean change() {
        if (own.isEmpty()) return false;
        var ticket = own.get(own.size() - 1 - random.nextInt(Math.min(2, own.size())));
        var edits = workload.history().ticketEdits.computeIfAbsent(ticket.id, _ -> new TicketEdits());
        boolean isSeen = version > 0 && changed.equals(ticket.id) && random.nextBoolean();
        var mark = mark();
        var body = body(ticket, mark, isSeen ? ",\"version\":" + version : "");
        var markOfOther = mark();
        var bodyOfOther = body(ticket, markOfOther, "");
        var other = random.nextInt(3) == 0
                ? Thread.ofVirtual().start(() -> send(edits, markOfOther, bodyOfOther, http.otherName()))
                : null;
        var as = random.nextInt(3) == 0 ? http.otherName() : http.name();
        for (int i = 0; i < LabHttp.TRIES; i++) {
            var answer = send(edits, mark, body, as);
            changed = ticket.id;
            version = answer.isGood() ? answer.body().path("version").asLong() : 0;
            if (answer.isDefinite()) break;
        }
        LabHttp.join(other);
        return true;
    }

    private LabHttp.Answer send(TicketEdits edits, String mark, String body, String as) {
        var answer = http.administer("POST", "/ticket", body, null, null, as);
        edits.answered(mark, answer.isGood());
        return answer;
    }

    private String mark() {
        return "mark-" + http.next();
    }

    private String body(Own ticket, String mark, String version) {
        return """
                {"id":"%s","description":"%s","assigned":"%s","priority":"low","status":"%s","createdBy":"%s"%s}""".formatted(
                        ticket.id,
                        ticket.created.mark(),
                        mark,
                        STATUSES.get(random.nextInt(STATUSES.size())),
                        ticket.created.owner(),
                        version);
    }
}
