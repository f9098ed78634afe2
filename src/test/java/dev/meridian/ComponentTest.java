package dev.meridian;

import dev.meridian.testing.StoresResource;
import io.quarkus.test.common.WithTestResource;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// A component test: HTTP requests to the service with real stores. Use it with `@QuarkusTest`; a subclass
/// `XyzIT` with `@QuarkusIntegrationTest` runs the same cases against the packaged artifact. So a test must not
/// use injection.
@WithTestResource(StoresResource.class)
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface ComponentTest {}
