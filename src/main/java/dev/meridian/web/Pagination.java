package dev.meridian.web;

import dev.meridian.shared.ProblemException;
import java.util.function.LongFunction;

/// The links between the pages of a list.
///
/// @param page the current page, 1 or more
/// @param pages how many there are, at least 1
/// @param total the number of items on all pages
/// @param offset the number of items before this page
/// @param previous the address of the previous page; empty on the first
/// @param next the address of the next page; empty on the last
/// @param first the address of the first page
public record Pagination(long page, long pages, long total, long offset, String previous, String next, String first) {
    private static final int SIZE_MAX = 100;

    /// @param address returns the address of a page
    /// @throws ProblemException 400 for a page or size out of bounds
    static Pagination of(long total, int page, int size, LongFunction<String> address) {
        if (page < 1) throw ProblemException.invalid("page", "must be 1 or more");
        if (size < 1 || size > SIZE_MAX) throw ProblemException.invalid("size", "must be 1 to " + SIZE_MAX);
        long pages = Math.max(1, (total + size - 1) / size);
        return new Pagination(
                page,
                pages,
                total,
                (page - 1L) * size,
                page > 1 ? address.apply(Math.min(page - 1L, pages)) : "",
                page < pages ? address.apply(page + 1L) : "",
                address.apply(1));
    }
}
