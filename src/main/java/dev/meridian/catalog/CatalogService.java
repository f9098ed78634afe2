package dev.meridian.catalog;

import dev.meridian.catalog.CatalogWriterRepository.StockChange;
import dev.meridian.shared.Ids;
import dev.meridian.shared.ProblemException;
import dev.meridian.shared.SharedProblem;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The catalog: products, tags, stock, search.
///
/// Reads go to the PostgreSQL reader of this Region and may lag behind changes. Changes go to the writer, by
/// way of `catalog-journal`, and need both stores: 503 when one is away.
@ApplicationScoped
public class CatalogService {
    private final CatalogRepository products;
    private final ProductChanges changes;
    private final Prices prices;
    private final CatalogConfig config;
    private final MeterRegistry meters;

    CatalogService(
            CatalogRepository products,
            ProductChanges changes,
            Prices prices,
            CatalogConfig config,
            MeterRegistry meters) {
        this.products = products;
        this.changes = changes;
        this.prices = prices;
        this.config = config;
        this.meters = meters;
    }

    /// One page of the products; empty beyond the last page.
    ///
    /// @param tags names of tags, of which a product must carry one; none for all products
    /// @param page 1 or more
    /// @param size products on a page, 1 to `meridian.catalog.page-size-max`
    /// @throws ProblemException 400 for a page, size or number of tags out of bounds
    public Uni<List<Product>> list(List<String> tags, ProductOrder order, int page, int size) {
        return products.list(filter(tags), order, checkedSize(size), offset(page, size))
                .invoke(prices::sawAll);
    }

    /// How many products there are.
    ///
    /// @param tags as in [#list]
    public Uni<Long> size(List<String> tags) {
        return products.size(filter(tags));
    }

    /// All tags by display name, at most `meridian.catalog.tag-list-max`.
    public Uni<List<Tag>> tags() {
        return products.tags();
    }

    /// One product; empty for an unknown id.
    public Uni<Optional<Product>> find(String id) {
        return products.find(id).invoke(found -> prices.sawAll(found.stream().toList()));
    }

    /// @throws ProblemException 404 for an unknown id
    public Uni<Product> get(String id) {
        return find(id).map(found -> found.orElseThrow(() -> unknown(id)));
    }

    /// One page of the products that match a keyword, best first. A match in the name counts double;
    /// description and tags count once. A mistyped word finds the most similar ones.
    ///
    /// @param keyword plain words, not a query language
    /// @param page 1 or more
    /// @param size products on a page, 1 to `meridian.catalog.page-size-max`
    /// @throws ProblemException 400 when the keyword is blank, too long or has control characters
    public Uni<List<Product>> search(String keyword, int page, int size) {
        if (keyword == null || keyword.isBlank()) throw ProblemException.invalid("keyword", "must not be blank");
        if (keyword.length() > config.keywordLengthMax()) {
            throw ProblemException.invalid(
                    "keyword", "must not be longer than " + config.keywordLengthMax() + " characters");
        }
        if (keyword.codePoints().anyMatch(Character::isISOControl)) {
            throw ProblemException.invalid("keyword", "must not have control characters");
        }
        return products.search(keyword.strip(), checkedSize(size), offset(page, size))
                .invoke(prices::sawAll);
    }

    /// The prices of products. Unknown products are not in the answer.
    ///
    /// A price is at most `meridian.catalog.price-fresh` old. While PostgreSQL cannot be read, it is the last
    /// one that this process read, with the time of that read.
    ///
    /// @throws ProblemException 503 when PostgreSQL cannot be read and the price of a product is not in
    ///     memory
    public Uni<Map<String, PricedProduct>> prices(Set<String> productIds) {
        return prices.of(productIds);
    }

    /// As [#prices], but a price that cannot be read and is not in memory is not in the answer, and requests
    /// that come soon after a failure do not wait for another one.
    public Uni<Map<String, PricedProduct>> knownPrices(Set<String> productIds) {
        return prices.known(productIds);
    }

    /// Creates or replaces a product and names its tags, on the writer; idempotent.
    ///
    /// @param expected decided by the write itself; a product that is as the draft says is as expected
    /// @return the product, and whether it is new
    /// @throws ProblemException 400 for too much stock or too many tags, 412 when the product is not as
    ///     expected
    public Uni<SavedProduct> put(ProductDraft draft, Precondition expected) {
        if (draft.stock() != null && draft.stock() > config.stockMax()) {
            throw ProblemException.invalid("stock", "must not be more than " + config.stockMax());
        }
        if (draft.tags().size() > config.tagsPerProductMax()) {
            throw ProblemException.invalid("tags", "must not be more than " + config.tagsPerProductMax());
        }
        return changes.put(draft, expected)
                .map(saved -> saved.orElseThrow(() -> unexpected(draft.id())))
                .invoke(saved -> {
                    prices.renewed(saved.product());
                    meters.counter("meridian.catalog.changes", "kind", saved.created() ? "created" : "replaced")
                            .increment();
                    Log.infof("product saved productId=%s created=%s", draft.id(), saved.created());
                });
    }

    /// Adds to (or, with a negative number, takes from) the stock of a product, on the writer. A product
    /// without a limit stays without one.
    ///
    /// @param idempotencyKey a repeated key changes nothing; the answer is the product as it is now
    /// @param expected decided by the write itself; not asked of a repeated key
    /// @throws ProblemException 404 for an unknown product, 409 when the stock would be below zero or above
    ///     `meridian.catalog.stock-max`, 412 when the product is not as expected, 422 when the key was used
    ///     with another number
    public Uni<Product> addStock(String productId, int units, Optional<String> idempotencyKey, Precondition expected) {
        var key = idempotencyKey.orElseGet(Ids::ulid);
        return changes.addStock(productId, units, key, config.stockMax(), expected)
                .map(found -> checked(found.orElseThrow(() -> unknown(productId)), units))
                .invoke(product -> {
                    meters.counter("meridian.catalog.changes", "kind", "restocked")
                            .increment();
                    Log.infof("product restocked productId=%s units=%d", productId, units);
                });
    }

    private Product checked(StockChange change, int units) {
        if (change.isOfAnother(units)) {
            throw new ProblemException(
                    SharedProblem.IDEMPOTENCY_KEY_REUSED, "The key came before, with another number of units.");
        }
        if (!change.done() && !change.isExpected())
            throw unexpected(change.product().id());
        if (!change.done()) {
            throw new ProblemException(
                    CatalogProblem.STOCK_OUT_OF_BOUNDS,
                    "The stock of " + change.product().id() + " is "
                            + change.product().stock() + " and must stay 0 to " + config.stockMax() + ".");
        }
        return change.product();
    }

    /// @return absent when no tag was named; present, but perhaps empty, when some were: no product carries a
    ///     tag that cannot exist
    private Optional<Set<String>> filter(List<String> tags) {
        var named =
                tags.stream().filter(tag -> !tag.isBlank()).map(String::strip).toList();
        if (named.isEmpty()) return Optional.empty();
        if (named.size() > config.tagFilterMax()) {
            throw ProblemException.invalid("tags", "must not be more than " + config.tagFilterMax());
        }
        var possible = named.stream().filter(tag -> tag.matches(Tag.NAME));
        return Optional.of(possible.collect(Collectors.toUnmodifiableSet()));
    }

    private int checkedSize(int size) {
        if (size < 1 || size > config.pageSizeMax()) {
            throw ProblemException.invalid("size", "must be 1 to " + config.pageSizeMax());
        }
        return size;
    }

    private static long offset(int page, int size) {
        if (page < 1) throw ProblemException.invalid("page", "must be 1 or more");
        return (page - 1L) * size;
    }

    private static ProblemException unexpected(String id) {
        return new ProblemException(
                SharedProblem.PRECONDITION_FAILED,
                "Product " + id + " is another than the request expects: read it again.");
    }

    private static ProblemException unknown(String id) {
        return new ProblemException(CatalogProblem.UNKNOWN_PRODUCT, "No product " + id + ".");
    }
}
