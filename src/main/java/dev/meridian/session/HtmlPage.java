package dev.meridian.session;

import jakarta.ws.rs.NameBinding;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Marks endpoints for browsers: they have a [Visitor] and refuse posts from other sites.
@NameBinding
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
public @interface HtmlPage {
    /// The media type of every page. A client that accepts any type gets the path's other type, JSON.
    String MEDIA_TYPE = "text/html;charset=UTF-8;qs=0.5";
}
