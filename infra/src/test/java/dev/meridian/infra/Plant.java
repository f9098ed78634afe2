package dev.meridian.infra;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// A mistake that is planted in a template.
///
/// @param name of the mistake; the first 65 numbers are those of the kinds that the linters were measured with
/// @param ours whether a check of ours must find it: no linter does, or it is cheap to find
/// @param type of the resource that is changed: the first one of it
/// @param where which of that type
/// @param change of the resource
record Plant(String name, boolean ours, String type, Predicate<Resource> where, Consumer<Edit> change) {
    /// A copy of a resource that can be changed. Paths have dots and start at its properties.
    ///
    /// @param json the copy
    /// @param stack where the resource is
    record Edit(ObjectNode json, StackTemplate stack) {
        void set(String path, Object value) {
            var parent = parent(path);
            var name = path.substring(path.lastIndexOf('.') + 1);
            JsonNode node = Synthesis.JSON.valueToTree(value);
            if (parent instanceof ArrayNode array) array.set(Integer.parseInt(name), node);
            else ((ObjectNode) parent).set(name, node);
        }

        void remove(String path) {
            var parent = parent(path);
            var name = path.substring(path.lastIndexOf('.') + 1);
            if (parent instanceof ArrayNode array) array.remove(Integer.parseInt(name));
            else ((ObjectNode) parent).remove(name);
        }

        /// Of the resource itself: its type or a policy.
        void attribute(String name, Object value) {
            json.set(name, Synthesis.JSON.valueToTree(value));
        }

        private JsonNode parent(String path) {
            JsonNode at = json.path("Properties");
            int last = path.lastIndexOf('.');
            if (last < 0) return at;
            for (var part : path.substring(0, last).split("\\.")) {
                var next = at.isArray() ? at.path(Integer.parseInt(part)) : at.path(part);
                if (next.isMissingNode() && at instanceof ObjectNode object) next = object.putObject(part);
                at = next;
            }
            return at;
        }
    }

    /// The synthesis with the mistake.
    Synthesis in(Synthesis synthesis) {
        return synthesis.with(changed(synthesis));
    }

    StackTemplate changed(Synthesis synthesis) {
        var resource = synthesis
                .resources(type)
                .filter(where)
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + ": no place for it, a " + type));
        var template = (ObjectNode) resource.stack().template().deepCopy();
        var copy = (ObjectNode) template.path("Resources").path(resource.id());
        change.accept(new Edit(copy, resource.stack()));
        if (template.equals(resource.stack().template())) throw new AssertionError(name + " changes nothing");
        return resource.stack().with(template);
    }
}
