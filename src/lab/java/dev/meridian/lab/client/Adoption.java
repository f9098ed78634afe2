package dev.meridian.lab.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// A mysfit that clients tried to adopt, with the responses that they got.
public final class Adoption {
    private final String mysfit;
    /// Responses in order: `200 eu-west-1`.
    private final List<String> answers = new ArrayList<>();
    private final Set<String> winners = new TreeSet<>();
    private final Set<String> adopters = new TreeSet<>();
    private boolean wasTaken;
    private boolean isUnknown;

    /// No client has tried to adopt it yet.
    public Adoption(String mysfit) {
        this.mysfit = mysfit;
    }

    /// The id of the mysfit.
    public String mysfit() {
        return mysfit;
    }

    synchronized void answered(int status, String region, String adopter) {
        answers.add(status + " " + region);
        if (status == 200) {
            adopters.add(adopter);
            winners.add(region);
        }
        wasTaken |= status == 409;
        isUnknown |= status == 0 || status >= 500;
    }

    /// How many customers were told that they adopted it; each as often as it asked.
    public synchronized int wins() {
        return adopters.size();
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
