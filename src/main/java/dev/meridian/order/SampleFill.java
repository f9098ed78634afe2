package dev.meridian.order;

import dev.meridian.catalog.PricedProduct;
import dev.meridian.catalog.SampleProductService;
import dev.meridian.customer.Customer;
import dev.meridian.customer.CustomerService;
import dev.meridian.shared.Ids;
import dev.meridian.shared.ProblemException;
import dev.meridian.shared.SharedProblem;
import dev.meridian.startup.SampleDataConfig;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Creates sample customers, single-unit products and orders of them, with new ids each time.
@ApplicationScoped
class SampleFill {
    private final SampleDataConfig samples;
    private final OrderConfig config;
    private final CustomerService customers;
    private final SampleProductService products;
    private final OrderPlacement placement;

    SampleFill(
            SampleDataConfig samples,
            OrderConfig config,
            CustomerService customers,
            SampleProductService products,
            OrderPlacement placement) {
        this.samples = samples;
        this.config = config;
        this.customers = customers;
        this.products = products;
        this.placement = placement;
    }

    /// The ids of the sample data.
    record Filled(List<String> customers, List<String> products, List<String> orders) {}

    /// Creates sample data. The n-th order is of the n-th product. There is one unit of each product, so more
    /// orders than products create more products. Orders without any customer create one customer.
    ///
    /// @throws ProblemException 403 when sample data is switched off, 503 when a store does not answer
    Uni<Filled> fill(int customerCount, int productCount, int orderCount) {
        if (!samples.fillEnabled()) {
            throw new ProblemException(
                    SharedProblem.FORBIDDEN, "Sample data is off here (meridian.sample-data.fill-enabled).");
        }
        var customerIds = ids("c-", orderCount > 0 ? Math.max(1, customerCount) : customerCount);
        var productIds = ids("p-", Math.max(productCount, orderCount));
        var orderIds = ids("o-", orderCount);
        return concurrently(customerIds, id -> customers.put(sample(id)))
                .chain(() -> products.createSingleUnits(productIds))
                .chain(prices -> concurrently(
                        IntStream.range(0, orderCount).boxed().toList(),
                        n -> order(
                                customerIds.get(n % customerIds.size()), productIds.get(n), orderIds.get(n), prices)))
                .invoke(() -> Log.infof(
                        "sample data made customers=%d products=%d orders=%d", customerCount, productCount, orderCount))
                .replaceWith(() -> new Filled(
                        customerIds.subList(0, customerCount), productIds.subList(0, productCount), orderIds));
    }

    private Uni<Order> order(String customerId, String productId, String orderId, Map<String, PricedProduct> prices) {
        return placement.place(
                OrderService.unitId(orderId, productId),
                OrderService.unit(customerId, productId, orderId),
                Uni.createFrom().item(prices));
    }

    private <T> Uni<Void> concurrently(List<T> list, Function<T, Uni<?>> call) {
        return Multi.createFrom()
                .iterable(list)
                .onItem()
                .transformToUni(item -> call.apply(item).replaceWithVoid())
                .merge(config.fillConcurrency())
                .onItem()
                .ignoreAsUni();
    }

    private static Customer sample(String id) {
        return new Customer(id, "Sample customer", id.toLowerCase(java.util.Locale.ROOT) + "@example.com", List.of());
    }

    private static List<String> ids(String prefix, int count) {
        return Stream.generate(Ids::ulid).limit(count).map(id -> prefix + id).toList();
    }
}
