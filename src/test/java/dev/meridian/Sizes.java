package dev.meridian;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.tools.ToolProvider;

/// The sizes of the packages, files, methods and constructors below a source root.
final class Sizes {
    private final Map<String, List<Size>> byKind = new TreeMap<>();

    private record Size(int count, String name) {}

    private Sizes() {}

    /// Parses every source file below the root.
    static Sizes of(Path root) throws IOException {
        var sizes = new Sizes();
        List<Path> files;
        try (var tree = Files.walk(root)) {
            files = tree.filter(file -> file.toString().endsWith(".java")).toList();
        }
        var packages = new TreeMap<String, Integer>();
        for (var file : files) {
            packages.merge(root.relativize(file.getParent()).toString(), 1, Integer::sum);
            sizes.add("lines of a file", Files.readAllLines(file).size(), file.getFileName());
        }
        packages.forEach((name, count) -> sizes.add("files in a package", count, name));
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (var manager = compiler.getStandardFileManager(null, null, null)) {
            var parsed = (JavacTask)
                    compiler.getTask(null, manager, null, null, null, manager.getJavaFileObjectsFromPaths(files));
            var positions = Trees.instance(parsed).getSourcePositions();
            for (var unit : parsed.parse()) sizes.new Methods(unit, positions).scan(unit, null);
        }
        return sizes;
    }

    /// The largest ones, grouped by kind.
    String largest(int count) {
        var text = new StringBuilder();
        byKind.forEach((kind, sizes) -> {
            text.append(kind).append('\n');
            sizes.stream()
                    .sorted(Comparator.comparingInt(Size::count).reversed())
                    .limit(count)
                    .forEach(size -> text.append("%6d  %s%n".formatted(size.count(), size.name())));
        });
        return text.toString();
    }

    private void add(String kind, int count, Object name) {
        byKind.computeIfAbsent(kind, any -> new ArrayList<>()).add(new Size(count, name.toString()));
    }

    private final class Methods extends TreePathScanner<Void, Void> {
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final LineMap lines;

        Methods(CompilationUnitTree unit, SourcePositions positions) {
            this.unit = unit;
            this.positions = positions;
            this.lines = unit.getLineMap();
        }

        @Override
        public Void visitMethod(MethodTree method, Void nothing) {
            var type = (ClassTree) getCurrentPath().getParentPath().getLeaf();
            // A record has as many as it has components.
            if (method.getReturnType() == null && type.getKind() != Tree.Kind.RECORD) {
                add("parameters of a constructor", method.getParameters().size(), type.getSimpleName());
            }
            var first = lines.getLineNumber(positions.getStartPosition(unit, method));
            var last = lines.getLineNumber(positions.getEndPosition(unit, method));
            add("lines of a method", (int) (last - first + 1), type.getSimpleName() + "." + method.getName());
            return super.visitMethod(method, nothing);
        }
    }
}
