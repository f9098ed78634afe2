package dev.meridian;

import dev.meridian.testing.StoresResource;
import io.quarkus.test.common.WithTestResource;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// A component test: HTTP in, real stores behind. Put it beside `@QuarkusTest`; the case against the packaged
/// artifact is a subclass `XyzIT` with `@QuarkusIntegrationTest`. Nothing may be injected, so that the same cases
/// run in both.
@WithTestResource(StoresResource.class)
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface ComponentTest {}
