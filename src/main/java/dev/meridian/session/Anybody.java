package dev.meridian.session;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Says of an endpoint that whoever calls may use it, for what belongs to nobody or becomes the caller's own. Each
/// endpoint has exactly one of this, [OwnerOnly], [SupportOnly], [CatalogOnly] and [OperatorOnly]; docs/security.md is
/// made from them.
@Documented
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.CLASS)
public @interface Anybody {}
