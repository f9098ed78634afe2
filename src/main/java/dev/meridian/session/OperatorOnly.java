package dev.meridian.session;

import jakarta.ws.rs.NameBinding;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Marks an endpoint for operators and administrators: it needs a token of [Role#OPERATOR], or one of
/// `meridian.admin.tokens`. Where identity is open and no such token is configured, mode `test` admits every caller
/// and production none (403).
@NameBinding
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
public @interface OperatorOnly {}
