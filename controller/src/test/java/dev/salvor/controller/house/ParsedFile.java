package dev.salvor.controller.house;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/// A Java file as the compiler's own parser sees it.
record ParsedFile(SourceFile source, CompilationUnitTree unit, SourcePositions positions) {
  /// Parses all files in one go, without resolving names; what does not parse becomes a finding.
  static List<ParsedFile> parse(List<SourceFile> sources, List<Finding> problems) {
    if (sources.isEmpty()) {
      return List.of();
    }
    var byUri = new HashMap<URI, SourceFile>();
    var texts = new ArrayList<Text>();
    for (SourceFile source : sources) {
      var text = new Text(source);
      byUri.put(text.toUri(), source);
      texts.add(text);
    }
    var diagnostics = new DiagnosticCollector<JavaFileObject>();
    var task =
        (JavacTask)
            ToolProvider.getSystemJavaCompiler()
                .getTask(null, null, diagnostics, List.of("-proc:none"), null, texts);
    var parsed = new ArrayList<ParsedFile>();
    var positions = Trees.instance(task).getSourcePositions();
    for (CompilationUnitTree unit : unitsOf(task)) {
      var source = Objects.requireNonNull(byUri.get(unit.getSourceFile().toUri()));
      parsed.add(new ParsedFile(source, unit, positions));
    }
    report(diagnostics, byUri, problems);
    return List.copyOf(parsed);
  }

  private static Iterable<? extends CompilationUnitTree> unitsOf(JavacTask task) {
    try {
      return task.parse();
    } catch (IOException e) {
      throw new IllegalStateException("Sources in memory cannot fail to be read", e);
    }
  }

  private static void report(
      DiagnosticCollector<JavaFileObject> diagnostics,
      Map<URI, SourceFile> byUri,
      List<Finding> problems) {
    for (Diagnostic<? extends JavaFileObject> problem : diagnostics.getDiagnostics()) {
      if (problem.getKind() == Diagnostic.Kind.ERROR) {
        String path = Objects.requireNonNull(byUri.get(problem.getSource().toUri())).path();
        String said = problem.getMessage(null).lines().findFirst().orElse("");
        problems.add(new Finding(path, problem.getLineNumber(), Rule.PARSES, said));
      }
    }
  }

  long line(Tree tree) {
    return unit.getLineMap().getLineNumber(start(tree));
  }

  /// From the first modifier or annotation to the closing brace, both counted.
  long linesOf(Tree tree) {
    long end = positions.getEndPosition(unit, tree);
    return unit.getLineMap().getLineNumber(end - 1) - line(tree) + 1;
  }

  /// The nearest line above a tree that is not blank; empty at the top of the file.
  String lineAbove(Tree tree) {
    return source
        .text()
        .substring(0, (int) start(tree))
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .reduce("", (before, line) -> line);
  }

  private long start(Tree tree) {
    return positions.getStartPosition(unit, tree);
  }

  private static final class Text extends SimpleJavaFileObject {
    private final String text;

    Text(SourceFile source) {
      super(URI.create("memory:///" + source.path()), Kind.SOURCE);
      this.text = source.text();
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
