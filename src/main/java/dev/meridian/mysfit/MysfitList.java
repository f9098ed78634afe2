package dev.meridian.mysfit;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.databind.JsonSerializable;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// A list of mysfits as an answer. Requests that share a list share its JSON.
@Schema(name = "MysfitList")
final class MysfitList implements JsonSerializable {
    final List<Mysfit> mysfits;

    /// Two requests at once may both write it; they write the same.
    @JsonIgnore
    private volatile SerializableString json;

    MysfitList(List<Mysfit> mysfits) {
        this.mysfits = mysfits;
    }

    @Override
    public void serialize(JsonGenerator generator, SerializerProvider serializers) throws IOException {
        if (json == null) json = write(generator);
        generator.writeRawValue(json);
    }

    @Override
    public void serializeWithType(JsonGenerator generator, SerializerProvider serializers, TypeSerializer type)
            throws IOException {
        serialize(generator, serializers);
    }

    private SerializableString write(JsonGenerator like) throws IOException {
        var codec = like.getCodec();
        var text = new StringWriter();
        try (var generator = codec.getFactory().createGenerator(text)) {
            generator.writeStartObject();
            generator.writeFieldName("mysfits");
            codec.writeValue(generator, mysfits);
            generator.writeEndObject();
        }
        return new SerializedString(text.toString());
    }
}
