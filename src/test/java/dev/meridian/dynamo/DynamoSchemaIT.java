package dev.meridian.dynamo;

import io.quarkus.test.junit.QuarkusIntegrationTest;
import org.junit.jupiter.api.Tag;

@Tag("executable")
@QuarkusIntegrationTest
class DynamoSchemaIT extends DynamoSchemaTest {}
