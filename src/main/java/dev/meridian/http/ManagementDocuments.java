package dev.meridian.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.arc.All;
import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.core.MediaType;
import java.util.List;

/// Serves every [ManagementDocument].
@ApplicationScoped
class ManagementDocuments {
    private final List<ManagementDocument> documents;
    private final ObjectMapper json;

    ManagementDocuments(@All List<ManagementDocument> documents, ObjectMapper json) {
        this.documents = documents;
        this.json = json;
    }

    void onManagement(@Observes ManagementInterface management) {
        for (var document : documents) {
            management
                    .router()
                    .get(document.path())
                    .handler(context ->
                            document.body().get().subscribe().with(body -> answer(context, body), context::fail));
        }
    }

    private void answer(RoutingContext context, Object body) {
        try {
            context.response()
                    .putHeader(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON)
                    .end(json.writeValueAsString(body));
        } catch (JsonProcessingException e) {
            context.fail(e);
        }
    }
}
