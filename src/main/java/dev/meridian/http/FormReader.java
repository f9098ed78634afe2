package dev.meridian.http;

import dev.meridian.shared.ProblemException;
import dev.meridian.shared.SharedProblem;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.NotSupportedException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.MessageBodyReader;
import jakarta.ws.rs.ext.Provider;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/// Reads forms. A percent sign that begins no escape stands for itself, as in URLs of browsers (WHATWG URL,
/// section 5.1); the reader of the framework fails there. Bytes that are no text are refused, not replaced.
@Provider
@Consumes(MediaType.APPLICATION_FORM_URLENCODED)
class FormReader implements MessageBodyReader<MultivaluedMap<String, String>> {
    private static final Map<String, Charset> CHARSETS = Map.of(
            "utf-8", StandardCharsets.UTF_8,
            "utf8", StandardCharsets.UTF_8,
            "us-ascii", StandardCharsets.UTF_8,
            "iso-8859-1", StandardCharsets.ISO_8859_1);

    /// More than any form has, so that a body of a million of them costs nothing.
    private static final int FIELDS_MAX = 1000;

    @Override
    public boolean isReadable(Class<?> type, Type genericType, Annotation[] annotations, MediaType mediaType) {
        return MultivaluedMap.class.equals(type);
    }

    @Override
    public MultivaluedMap<String, String> readFrom(
            Class<MultivaluedMap<String, String>> type,
            Type genericType,
            Annotation[] annotations,
            MediaType mediaType,
            MultivaluedMap<String, String> headers,
            InputStream body)
            throws IOException {
        var name = mediaType.getParameters().getOrDefault(MediaType.CHARSET_PARAMETER, "utf-8");
        var charset = CHARSETS.get(name.toLowerCase(Locale.ROOT));
        if (charset == null) throw new NotSupportedException();
        return read(body.readAllBytes(), charset);
    }

    /// @throws ProblemException 400 when it is not text
    static MultivaluedMap<String, String> read(byte[] body, Charset charset) {
        var form = new MultivaluedHashMap<String, String>();
        String name = null;
        var part = new ByteArrayOutputStream();
        int fields = 0;
        for (int i = 0; i <= body.length; i++) {
            byte b = i == body.length ? (byte) '&' : body[i];
            switch (b) {
                case '&' -> {
                    var text = text(part, charset);
                    if (name != null) form.add(name, text);
                    else if (!text.isEmpty()) form.add(text, "");
                    name = null;
                    if (++fields == FIELDS_MAX) return form;
                }
                case '=' -> {
                    if (name == null) name = text(part, charset);
                    else part.write(b);
                }
                case '+' -> part.write(' ');
                case '%' -> {
                    int high = i + 2 < body.length ? Character.digit(body[i + 1], 16) : -1;
                    int low = high < 0 ? -1 : Character.digit(body[i + 2], 16);
                    if (low < 0) {
                        part.write(b);
                    } else {
                        part.write(high << 4 | low);
                        i += 2;
                    }
                }
                default -> part.write(b);
            }
        }
        return form;
    }

    private static String text(ByteArrayOutputStream part, Charset charset) {
        try {
            return charset.newDecoder()
                    .decode(ByteBuffer.wrap(part.toByteArray()))
                    .toString();
        } catch (CharacterCodingException _) {
            throw new ProblemException(SharedProblem.INVALID_REQUEST, "The form is not text in " + charset + ".");
        } finally {
            part.reset();
        }
    }
}
