package dev.meridian.web;

import dev.meridian.order.Order;
import dev.meridian.order.OrderAccessService;
import dev.meridian.order.OrderEvent;
import dev.meridian.order.OrderHistory;
import dev.meridian.order.OrderService;
import dev.meridian.session.Caller;
import dev.meridian.session.Callers;
import dev.meridian.session.HtmlPage;
import dev.meridian.session.OwnerOnly;
import dev.meridian.session.Visitor;
import dev.meridian.shared.Money;
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

/// The visitor's orders. An order is there for the browser that ordered, and for whoever has its link.
@OwnerOnly
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
    /// @param own whether this browser ordered it and may change it
    /// @param link its address for other browsers; empty for who may not pass it on, and where links are off
    /// @param cancelling whether its cancellation was asked for and is not carried out yet
    /// @param steps what happened to it
    /// @param address the lines of the address; empty when nothing is shipped
    @CheckedTemplate(defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
    record OrderPage(
            Order order,
            String status,
            String date,
            Money total,
            boolean own,
            String link,
            boolean cancelling,
            List<Step> steps,
            List<String> address)
            implements TemplateInstance {}

    /// One thing that happened to an order.
    ///
    /// @param at empty when it is not known
    /// @param region empty when it is not known
    public record Step(String text, String at, String region) {
        static Step of(OrderEvent event) {
            return new Step(
                    switch (event.event()) {
                        case ACCEPTED -> "Written down";
                        case CONFIRMED -> "Confirmed";
                        case LOST -> "Lost when our book of stock failed";
                        case REPLAYED -> "Confirmed again";
                        case CANCEL_REQUESTED -> "Cancellation asked for";
                        case REJECTED -> "Rejected";
                        case CANCELLED -> "Cancelled";
                    },
                    event.at() == null ? "" : TIME.format(event.at()),
                    event.region() == null ? "" : event.region());
        }
    }

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

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "d MMM yyyy, HH:mm:ss 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private final OrderService orders;
    private final OrderAccessService access;
    private final Callers callers;
    private final Visitor visitor;

    OrderPagesResource(OrderService orders, OrderAccessService access, Callers callers, Visitor visitor) {
        this.orders = orders;
        this.access = access;
        this.callers = callers;
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
    public Uni<OrderPage> show(@PathParam("id") @ValidId String id, @QueryParam("link") String link) {
        var caller = callers.current();
        return orders.history(id).map(history -> page(history, caller, link));
    }

    private OrderPage page(OrderHistory history, Caller caller, String link) {
        var order = access.readable(history.order(), caller, link);
        boolean isOwn = caller.mayActFor(order.customerId());
        return new OrderPage(
                order,
                order.status().name(),
                date(order),
                total(order),
                isOwn,
                isOwn ? access.address(order).orElse("") : "",
                order.cancelRequestedAt() != null,
                history.events().stream().map(Step::of).toList(),
                order.shippingAddress() == null ? List.of() : AddressText.lines(order.shippingAddress()));
    }

    @POST
    @Path("/{id}/cancel")
    @Operation(hidden = true)
    public Uni<RestResponse<String>> cancel(@PathParam("id") @ValidId String id) {
        return orders.cancel(id, callers.current()).map(_ -> RestResponse.seeOther(URI.create("/orders/" + id)));
    }

    private static String date(Order order) {
        return DATE.format(order.createdDate());
    }

    private static Money total(Order order) {
        return order.subtotal().plus(order.shipping()).plus(order.tax());
    }
}
