package dev.meridian.infra;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// All orders and all subsets of a few things.
final class Permutations {
    private Permutations() {}

    static <T> List<List<T>> of(List<T> items) {
        if (items.isEmpty()) return List.of(List.of());
        var all = new ArrayList<List<T>>();
        for (var first : items) {
            var rest = new ArrayList<>(items);
            rest.remove(first);
            for (var tail : of(rest)) {
                var one = new ArrayList<T>();
                one.add(first);
                one.addAll(tail);
                all.add(one);
            }
        }
        return all;
    }

    static <T> List<Set<T>> subsets(List<T> items) {
        var all = new ArrayList<Set<T>>();
        for (int mask = 0; mask < 1 << items.size(); mask++) {
            var one = new HashSet<T>();
            for (int i = 0; i < items.size(); i++) if ((mask >> i & 1) == 1) one.add(items.get(i));
            all.add(one);
        }
        return all;
    }
}
