package dev.meridian.region;

import dev.meridian.shared.Ids;
import java.util.Comparator;
import java.util.Set;

/// Who works, as this process knows from heartbeats: a hint, no lock. Two tasks may know different tasks, and
/// a task that is known here may be dead for a while.
///
/// @param region the Region of this process
/// @param task this process
/// @param tasks the tasks of this Region that settle orders; this one is always among them
/// @param heard the other Regions with a heartbeat that is not old
public record LiveTasks(String region, String task, Set<String> tasks, Set<String> heard) {
    /// Whether a share of the work is this task's. Each share is one task's, and when a task goes only its
    /// shares get another one (rendezvous hashing).
    ///
    /// @param share its name, the same in all tasks
    public boolean isMine(String share) {
        return tasks.stream()
                .max(Comparator.comparing((String other) -> Ids.deriveShort(share, other))
                        .thenComparing(Comparator.naturalOrder()))
                .map(task::equals)
                .orElse(true);
    }

    /// Whether another Region lives and sees to its own work.
    public boolean isHeard(String other) {
        return heard.contains(other);
    }
}
