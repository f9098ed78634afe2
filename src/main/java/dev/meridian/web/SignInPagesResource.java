package dev.meridian.web;

import dev.meridian.cart.CartService;
import dev.meridian.session.Anybody;
import dev.meridian.session.HtmlPage;
import dev.meridian.session.SignIns;
import dev.meridian.session.Visitor;
import dev.meridian.shared.ProblemException;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import java.net.URI;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestResponse;

/// Signs the visitor in and out; the pages of that are the provider's.
@Anybody
@Path("/")
@HtmlPage
@Produces(HtmlPage.MEDIA_TYPE)
class SignInPagesResource {
    private static final URI HOME = URI.create("/");

    private final SignIns signIns;
    private final CartService carts;
    private final Visitor visitor;

    SignInPagesResource(SignIns signIns, CartService carts, Visitor visitor) {
        this.signIns = signIns;
        this.carts = carts;
        this.visitor = visitor;
    }

    @GET
    @Path("sign-in")
    @Operation(hidden = true)
    public Uni<RestResponse<String>> begin(@QueryParam("return") String returnTo) {
        return signIns.begin(returnTo).map(address -> RestResponse.seeOther(URI.create(address)));
    }

    @GET
    @Path("sign-in/return")
    @Operation(hidden = true)
    public Uni<RestResponse<String>> complete(@QueryParam("code") String code, @QueryParam("state") String state) {
        return signIns.complete(code, state).map(path -> RestResponse.seeOther(URI.create(path)));
    }

    /// Takes the guest's cart along. While a store does not answer, the page can be loaded again: each unit moves
    /// once.
    @GET
    @Path("sign-in/cart")
    @Operation(hidden = true)
    public Uni<RestResponse<String>> takeCart(@QueryParam("return") String returnTo) {
        var next = RestResponse.<String>seeOther(URI.create(SignIns.path(returnTo)));
        return signIns.guest()
                .map(guest -> carts.merge(visitor.customerId(), guest)
                        // What does not fit stays where it is.
                        .onFailure(failure -> failure instanceof ProblemException problem && !problem.isUnavailable())
                        .recoverWithNull()
                        .invoke(signIns::forgetGuest)
                        .map(_ -> next))
                .orElseGet(() -> Uni.createFrom().item(next));
    }

    @POST
    @Path("sign-out")
    @Operation(hidden = true)
    public Uni<RestResponse<String>> end() {
        return signIns.end().map(_ -> RestResponse.seeOther(HOME));
    }
}
