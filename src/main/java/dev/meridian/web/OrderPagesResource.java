package dev.meridian.web;

import dev.meridian.order.Order;
import dev.meridian.order.OrderService;
import dev.meridian.session.HtmlPage;
import dev.meridian.session.Visitor;
import dev.meridian.shared.Money;
import dev.meridian.shared.ProblemException;
import dev.meridian.shared.SharedProblem;
import dev.meridian.shared.ValidId;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.UriBuilder;
import java.net.URI;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestResponse;

/// The visitor's orders. Anyone with the address of an order may see its status; only the browser that ordered sees the
/// shipping address.
@Path("/orders")
@HtmlPage
@Produces(HtmlPage.MEDIA_TYPE)
class OrderPagesResource {
    /// The list.
    ///
    /// @param next the address of the next page; empty on the last
    @CheckedTemplate(defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
    record OrdersPage(List<Row> rows, String next) implements TemplateInstance {}

    /// One order.
    ///
    /// @param status its name: templates in a native image cannot call `java.lang.Enum.name()`
    /// @param own whether this browser ordered it
    @CheckedTemplate(defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
    record OrderPage(Order order, String status, String date, Money total, boolean own) implements TemplateInstance {}

    /// One order in the list.
    public record Row(String id, String date, String status, String region, Money total) {
        static Row of(Order order) {
            return new Row(
                    order.id(),
                    OrderPagesResource.date(order),
                    order.status().name().toLowerCase(Locale.ROOT),
                    order.region(),
                    OrderPagesResource.total(order));
        }
    }

    private static final int ROWS = 20;
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("d MMM yyyy, HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private final OrderService orders;
    private final Visitor visitor;

    OrderPagesResource(OrderService orders, Visitor visitor) {
        this.orders = orders;
        this.visitor = visitor;
    }

    @GET
    @Operation(hidden = true)
    public Uni<OrdersPage> list(@QueryParam("cursor") Optional<String> cursor) {
        if (!visitor.isKnown()) return Uni.createFrom().item(new OrdersPage(List.of(), ""));
        return orders.list(visitor.customerId(), ROWS, cursor)
                .map(page -> new OrdersPage(
                        page.items().stream().map(Row::of).toList(),
                        page.next()
                                .map(next -> UriBuilder.fromPath("/orders")
                                        .queryParam("cursor", "{next}")
                                        .build(next)
                                        .toString())
                                .orElse("")));
    }

    @GET
    @Path("/{id}")
    @Operation(hidden = true)
    public Uni<OrderPage> show(@PathParam("id") @ValidId String id) {
        var customer = visitor.customerId();
        return orders.get(id)
                .map(found -> new OrderPage(
                        found,
                        found.status().name(),
                        date(found),
                        total(found),
                        found.customerId().equals(customer)));
    }

    @POST
    @Path("/{id}/cancel")
    @Operation(hidden = true)
    public Uni<RestResponse<String>> cancel(@PathParam("id") @ValidId String id) {
        var customer = visitor.customerId();
        return orders.get(id)
                .invoke(found -> {
                    if (!found.customerId().equals(customer)) {
                        throw new ProblemException(
                                SharedProblem.FORBIDDEN, "Only the browser that ordered can cancel the order here.");
                    }
                })
                .chain(() -> orders.cancel(id))
                .map(_ -> RestResponse.seeOther(URI.create("/orders/" + id)));
    }

    private static String date(Order order) {
        return DATE.format(order.createdDate());
    }

    private static Money total(Order order) {
        return order.subtotal().plus(order.shipping()).plus(order.tax());
    }
}
