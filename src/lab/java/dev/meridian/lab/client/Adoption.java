package dev.meridian.lab.client;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// A mysfit that clients tried to adopt, with the responses that they got.
public final class Adoption {
    private final String mysfit;
    /// Responses in order: `200 eu-west-1`.
    private final List<String> answers = new ArrayList<>();
    private final Set<String> winners = new TreeSet<>();
    private final Set<String> adopters = new TreeSet<>();
    /// When each customer asked first, by [System#nanoTime].
    private final Map<String, Long> asked = new HashMap<>();
    private final List<Win> wins = new ArrayList<>();
    private boolean wasTaken;
    private boolean isUnknown;

    /// An answer 200.
    ///
    /// @param replica the Region whose DynamoDB has the mark
    /// @param at by [System#nanoTime]
    private record Win(String adopter, String replica, long at) {}

    /// No client has tried to adopt it yet.
    public Adoption(String mysfit) {
        this.mysfit = mysfit;
    }

    /// The id of the mysfit.
    public String mysfit() {
        return mysfit;
    }

    synchronized void asks(String adopter) {
        asked.putIfAbsent(adopter, System.nanoTime());
    }

    synchronized void answered(int status, String region, String replica, String adopter) {
        answers.add(status + " " + region);
        if (status == 200) {
            adopters.add(adopter);
            winners.add(region);
            wins.add(new Win(adopter, replica, System.nanoTime()));
        }
        wasTaken |= status == 409;
        isUnknown |= status == 0 || status >= 500;
    }

    /// How many customers were told that they adopted it; each as often as it asked.
    public synchronized int wins() {
        return adopters.size();
    }

    /// Whether a customer was told so who asked when the same DynamoDB had the mark of another already.
    public synchronized boolean isTwiceInOneReplica() {
        return wins.stream()
                .anyMatch(first -> wins.stream()
                        .anyMatch(next -> !next.adopter.equals(first.adopter)
                                && next.replica.equals(first.replica)
                                && asked.get(next.adopter) > first.at));
    }

    /// Whether a Region acknowledged an adoption, or may have done so without the answer arriving: then a
    /// later answer, of any Region, confirms it.
    public synchronized boolean wasWonIn(String region) {
        return winners.contains(region) || isUnknown;
    }

    /// Whether a response said that it is adopted, by this client or another.
    public synchronized boolean wasTold() {
        return !adopters.isEmpty() || wasTaken;
    }

    /// Whether it may be adopted unacknowledged: a request without a response may have succeeded.
    public synchronized boolean isPossible() {
        return answers.stream().anyMatch(answer -> !answer.startsWith("404"));
    }

    @Override
    public synchronized String toString() {
        return mysfit + ", adoption told " + answers;
    }
}
