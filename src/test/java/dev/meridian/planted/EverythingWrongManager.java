package dev.meridian.planted;

import dev.meridian.planted2.Partner;
import io.smallrye.mutiny.Uni;
import io.vertx.core.impl.ContextInternal;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/// A public class that is not a face, with a vague name, an injected field, money as floating point, both
/// stores, HTTP, standard output, a non-public endpoint below /admin for everybody, a call to a forbidden
/// feature, half a cycle, a Vert.x internal, and a blocked thread.
public class EverythingWrongManager {
    @Inject
    DynamoDbAsyncClient client;

    double price;
    Partner partner;
    Pool pool;
    ContextInternal context;

    @GET
    @Path("/admin/stray")
    Response hidden() {
        System.out.println(price);
        Uni.createFrom().item(1).await().indefinitely();
        return Response.ok().build();
    }
}
