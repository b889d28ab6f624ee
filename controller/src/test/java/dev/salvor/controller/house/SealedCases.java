package dev.salvor.controller.house;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreeScanner;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import org.jspecify.annotations.Nullable;

/// Gathers the simple names of all alternatives of the sealed types in a set of files.
final class SealedCases extends TreeScanner<@Nullable Void, @Nullable Void> {
  private final Set<String> names = new HashSet<>();

  static Set<String> in(List<ParsedFile> files) {
    var gathered = new SealedCases();
    files.forEach(file -> gathered.scan(file.unit(), null));
    return Set.copyOf(gathered.names);
  }

  /// `Quote.Priced<T>` is `Priced`.
  static String simpleName(String type) {
    String raw = type.replaceAll("<.*", "");
    return raw.substring(raw.lastIndexOf('.') + 1);
  }

  @Override
  public @Nullable Void visitClass(ClassTree type, @Nullable Void none) {
    if (type.getModifiers().getFlags().contains(Modifier.SEALED)) {
      type.getPermitsClause().forEach(permitted -> names.add(simpleName(permitted.toString())));
      String parent = type.getSimpleName().toString();
      type.getMembers().stream()
          .flatMap(member -> member instanceof ClassTree nested ? Stream.of(nested) : Stream.of())
          .filter(nested -> extendsFrom(nested, parent))
          .forEach(nested -> names.add(nested.getSimpleName().toString()));
    }
    return super.visitClass(type, null);
  }

  private static boolean extendsFrom(ClassTree nested, String parent) {
    Stream<? extends Tree> parents =
        Stream.concat(
            Stream.ofNullable(nested.getExtendsClause()), nested.getImplementsClause().stream());
    return parents.anyMatch(tree -> simpleName(tree.toString()).equals(parent));
  }
}
