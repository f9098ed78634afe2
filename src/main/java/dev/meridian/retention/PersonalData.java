package dev.meridian.retention;

import dev.meridian.shared.Page;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What one feature knows of customers. Each call may be repeated, also after a failure half way, and fails with a
/// [ProblemException] (503) when a store does not answer.
public interface PersonalData {
    /// The name of this part in an export.
    String part();

    /// Other names by which the store knows the customer.
    default Uni<List<String>> namesOf(String customerId) {
        return Uni.createFrom().item(List.of());
    }

    /// Whether it is erased after everything else, since [#namesOf] reads it.
    default boolean isLast() {
        return false;
    }

    /// One page of what is stored: a few hundred items at most.
    ///
    /// @param after where the page before ended
    Uni<Page<Map<String, Object>>> export(Subject customer, Optional<String> after);

    /// Erases one page.
    ///
    /// @param after where the page before ended
    Uni<ErasedPage> erase(Subject customer, Optional<String> after);

    /// Whose data it is.
    ///
    /// @param customerId the customer
    /// @param names the id, and other names by which the store knows the customer
    record Subject(String customerId, Set<String> names) {}

    /// What became of a page.
    ///
    /// @param left how many items cannot be erased yet
    /// @param next where the next page begins, if there may be one
    record ErasedPage(int erased, int left, Optional<String> next) {
        /// A last page on which everything was erased.
        public static ErasedPage all(int erased) {
            return new ErasedPage(erased, 0, Optional.empty());
        }
    }
}
