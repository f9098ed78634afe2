package dev.meridian.order;

import dev.meridian.session.Caller;
import dev.meridian.session.Guests;
import dev.meridian.shared.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/// Whose an order is, for its JSON and its pages alike. To everybody else it is not there.
@ApplicationScoped
public class OrderAccessService {
    private final Guests guests;

    OrderAccessService(Guests guests) {
        this.guests = guests;
    }

    /// An order that its caller may see and cancel: an own one, or any for support.
    ///
    /// @throws ProblemException 404 when it is another's
    Order cancellable(Order order, Caller caller) {
        if (!caller.mayRead(order.customerId())) throw OrderProblem.unknown(order.id());
        return order;
    }

    /// An order that its caller may read: an own one, or one whose link the caller has.
    ///
    /// @param link as the client sent it, null when it sent none
    /// @throws ProblemException 404 when it is another's
    public Order readable(Order order, Caller caller, String link) {
        return guests.opens(link, order.id()) ? order : cancellable(order, caller);
    }

    /// The address by which the order can be opened without a session; empty where links are not configured.
    public Optional<String> address(Order order) {
        return guests.link(order.id()).map(link -> "/orders/" + order.id() + "?link=" + link);
    }
}
