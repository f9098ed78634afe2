package dev.meridian.region;

import dev.meridian.ManagementPort;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import java.net.MalformedURLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;

@Tag("executable")
@WithTestResource(ManagementPort.class)
@QuarkusIntegrationTest
class ManagementIT extends ManagementTest {
    @BeforeEach
    void atItsPort() throws MalformedURLException {
        ready = ManagementPort.uri("/q/health/ready").toURL();
        live = ManagementPort.uri("/q/health/live").toURL();
        health = ManagementPort.uri("/q/region/health").toURL();
        topology = ManagementPort.uri("/q/region/topology").toURL();
        metrics = ManagementPort.uri("/q/metrics").toURL();
    }
}
