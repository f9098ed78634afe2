package dev.meridian.session;

import jakarta.ws.rs.NameBinding;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Marks what browsers call: it knows its visitor ([Visitor]) and refuses posts that come from other sites.
@NameBinding
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
public @interface HtmlPage {
    /// The media type of every page. Whoever accepts anything gets what else the path has, JSON.
    String MEDIA_TYPE = "text/html;charset=UTF-8;qs=0.5";
}
