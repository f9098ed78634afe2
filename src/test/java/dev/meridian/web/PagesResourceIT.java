package dev.meridian.web;

import io.quarkus.test.junit.QuarkusIntegrationTest;
import org.junit.jupiter.api.Tag;

@Tag("executable")
@QuarkusIntegrationTest
class PagesResourceIT extends PagesResourceTest {}
