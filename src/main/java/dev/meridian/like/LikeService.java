package dev.meridian.like;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.Map;

/// Likes of anything with an id.
@ApplicationScoped
public class LikeService {
    /// Adds one like, durable when answered.
    ///
    /// @return how many likes the subject has now, in all Regions as far as this one knows
    public Uni<Long> like(String subjectId) {
        return Uni.createFrom().failure(new UnsupportedOperationException());
    }

    /// How many likes each subject has; 0 for one without.
    public Uni<Map<String, Long>> counts(Collection<String> subjectIds) {
        return Uni.createFrom().item(Map.of());
    }
}
