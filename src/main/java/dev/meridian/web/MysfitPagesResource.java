package dev.meridian.web;

import dev.meridian.mysfit.MysfitService;
import dev.meridian.session.HtmlPage;
import dev.meridian.shared.ValidId;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import java.net.URI;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestResponse;

/// The buttons of a mysfit without scripts: the paths of the API, for requests that accept HTML.
@Path("/mysfits")
@HtmlPage
class MysfitPagesResource {

    private final MysfitService mysfits;

    MysfitPagesResource(MysfitService mysfits) {
        this.mysfits = mysfits;
    }

    @POST
    @Path("/{id}/like")
    @Produces(HtmlPage.MEDIA_TYPE)
    @Operation(hidden = true)
    public Uni<RestResponse<String>> like(@PathParam("id") @ValidId String id) {
        return mysfits.like(id).map(_ -> backTo(id));
    }

    @POST
    @Path("/{id}/adopt")
    @Produces(HtmlPage.MEDIA_TYPE)
    @Operation(hidden = true)
    public Uni<RestResponse<String>> adopt(@PathParam("id") @ValidId String id) {
        return mysfits.adopt(id).map(_ -> backTo(id));
    }

    private static RestResponse<String> backTo(String id) {
        return RestResponse.seeOther(URI.create("/#mysfit-" + id));
    }
}
