package dev.meridian.web;

import dev.meridian.mysfit.MysfitService;
import dev.meridian.session.Anybody;
import dev.meridian.session.Callers;
import dev.meridian.session.CustomerOnly;
import dev.meridian.session.HtmlPage;
import dev.meridian.session.Visitor;
import dev.meridian.shared.ValidId;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import java.net.URI;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestResponse;

/// The buttons of a mysfit without scripts: the paths of the API, for requests that accept HTML.
@Path("/mysfits")
@HtmlPage
class MysfitPagesResource {
    private final MysfitService mysfits;
    private final Callers callers;
    private final Visitor visitor;

    MysfitPagesResource(MysfitService mysfits, Callers callers, Visitor visitor) {
        this.mysfits = mysfits;
        this.callers = callers;
        this.visitor = visitor;
    }

    @POST
    @Anybody
    @Path("/{id}/like")
    @Produces(HtmlPage.MEDIA_TYPE)
    @Operation(hidden = true)
    public Uni<RestResponse<String>> like(@PathParam("id") @ValidId String id) {
        return mysfits.like(id, Optional.empty()).map(_ -> backTo(id));
    }

    @POST
    @CustomerOnly
    @Path("/{id}/adopt")
    @Produces(HtmlPage.MEDIA_TYPE)
    @Operation(hidden = true)
    public Uni<RestResponse<String>> adopt(@PathParam("id") @ValidId String id, @Context HttpHeaders headers) {
        // One who comes for the first time gets the cookie with this answer.
        var adopter = callers.current().customerId().orElseGet(visitor::customerId);
        return mysfits.adopt(id, Optional.of(adopter)).map(_ -> backTo(id));
    }

    private static RestResponse<String> backTo(String id) {
        return RestResponse.seeOther(URI.create("/#mysfit-" + id));
    }
}
