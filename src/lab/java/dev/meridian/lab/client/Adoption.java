package dev.meridian.lab.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// A mysfit that clients wanted to adopt, and what they were told.
public final class Adoption {
    private final String mysfit;
    /// Answers in their order: `200 eu-west-1`.
    private final List<String> answers = new ArrayList<>();
    private final Set<String> winners = new TreeSet<>();
    private int wins;
    private boolean wasTaken;

    /// Nobody has asked for it yet.
    public Adoption(String mysfit) {
        this.mysfit = mysfit;
    }

    /// The id of the mysfit.
    public String mysfit() {
        return mysfit;
    }

    synchronized void answered(int status, String region) {
        answers.add(status + " " + region);
        if (status == 200) {
            wins++;
            winners.add(region);
        }
        wasTaken |= status == 409;
    }

    /// How many were told that they have it.
    public synchronized int wins() {
        return wins;
    }

    /// Whether a Region gave it to somebody.
    public synchronized boolean wasWonIn(String region) {
        return winners.contains(region);
    }

    /// Whether somebody was told that it is adopted, by themselves or another.
    public synchronized boolean wasTold() {
        return wins > 0 || wasTaken;
    }

    /// Whether it may be adopted though nobody was told so: a request without an answer may have come to that.
    public synchronized boolean isPossible() {
        return answers.stream().anyMatch(answer -> !answer.startsWith("404"));
    }

    @Override
    public synchronized String toString() {
        return mysfit + ", adoption told " + answers;
    }
}
