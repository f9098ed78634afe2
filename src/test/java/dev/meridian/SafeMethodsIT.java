package dev.meridian;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;

@Tag("executable")
@WithTestResource(ManagementPort.class)
@QuarkusIntegrationTest
class SafeMethodsIT extends SafeMethodsTest {
    @BeforeEach
    void atItsPort() {
        metrics = ManagementPort.uri("/q/metrics");
    }
}
