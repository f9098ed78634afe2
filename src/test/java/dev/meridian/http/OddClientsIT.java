package dev.meridian.http;

import dev.meridian.ManagementPort;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;

@Tag("executable")
@WithTestResource(ManagementPort.class)
@QuarkusIntegrationTest
class OddClientsIT extends OddClientsTest {
    @BeforeEach
    void atItsPort() {
        metrics = ManagementPort.uri("/q/metrics");
    }
}
