package dev.meridian.session;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Says of an endpoint that it is for what belongs to somebody: it asks [Caller] whether the caller may act for the
/// owner, or acts for the [Visitor] alone. To all others there is nothing (404).
@Documented
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.CLASS)
public @interface OwnerOnly {}
