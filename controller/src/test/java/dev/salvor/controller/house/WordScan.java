package dev.salvor.controller.house;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.BindingPatternTree;
import com.sun.source.tree.CaseTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.ConstantCaseLabelTree;
import com.sun.source.tree.DeconstructionPatternTree;
import com.sun.source.tree.DefaultCaseLabelTree;
import com.sun.source.tree.ImportTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.PatternCaseLabelTree;
import com.sun.source.tree.PatternTree;
import com.sun.source.tree.SwitchExpressionTree;
import com.sun.source.tree.SwitchTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreeScanner;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads what is written: names, comments on types, sleeping, switched-off tests, default arms.
final class WordScan extends TreeScanner<@Nullable Void, @Nullable Void> {
  private static final Pattern VAGUE =
      Pattern.compile("(?:Base|Abstract)(?:[A-Z].*)?|.*(?:Manager|Helper|Utils?|Impl)");
  private static final Pattern SLEEP =
      Pattern.compile("(?:java\\.lang\\.)?Thread\\.sleep|(?:.*\\.)?TimeUnit\\.[A-Z]+\\.sleep");

  private final ParsedFile file;
  private final Set<String> sealedCases;
  private final List<Finding> findings;

  /// @param sealedCases simple names of the alternatives of every sealed type of the house
  WordScan(ParsedFile file, Set<String> sealedCases, List<Finding> findings) {
    this.file = file;
    this.sealedCases = sealedCases;
    this.findings = findings;
  }

  void run() {
    for (Tree type : file.unit().getTypeDecls()) {
      if (file.source().isShipped() && !file.lineAbove(type).startsWith("///")) {
        add(type, Rule.TYPE_COMMENT, "no /// above the type");
      }
    }
    scan(file.unit(), null);
  }

  @Override
  public @Nullable Void visitClass(ClassTree type, @Nullable Void none) {
    String name = type.getSimpleName().toString();
    if (VAGUE.matcher(name).matches()) {
      add(type, Rule.NAME, name);
    }
    return super.visitClass(type, null);
  }

  @Override
  public @Nullable Void visitAnnotation(AnnotationTree annotation, @Nullable Void none) {
    String name = annotation.getAnnotationType().toString();
    if (name.substring(name.lastIndexOf('.') + 1).startsWith("Disabled")) {
      add(annotation, Rule.DISABLED, "@" + name);
    }
    return super.visitAnnotation(annotation, null);
  }

  @Override
  public @Nullable Void visitImport(ImportTree tree, @Nullable Void none) {
    checkSleep(tree, tree.getQualifiedIdentifier().toString());
    return super.visitImport(tree, null);
  }

  @Override
  public @Nullable Void visitMethodInvocation(MethodInvocationTree call, @Nullable Void none) {
    checkSleep(call, call.getMethodSelect().toString());
    return super.visitMethodInvocation(call, null);
  }

  private void checkSleep(Tree tree, String called) {
    if (file.source().isTest() && SLEEP.matcher(called).matches()) {
      add(tree, Rule.SLEEP, called);
    }
  }

  @Override
  public @Nullable Void visitSwitch(SwitchTree tree, @Nullable Void none) {
    checkArms(tree.getCases());
    return super.visitSwitch(tree, null);
  }

  @Override
  public @Nullable Void visitSwitchExpression(SwitchExpressionTree tree, @Nullable Void none) {
    checkArms(tree.getCases());
    return super.visitSwitchExpression(tree, null);
  }

  /// Names are not resolved here: an alternative is known by its simple name, and in a core every
  /// switch counts that is not over plain literals.
  private void checkArms(List<? extends CaseTree> arms) {
    var labels = arms.stream().flatMap(arm -> arm.getLabels().stream()).toList();
    var named = labels.stream().filter(label -> !(label instanceof DefaultCaseLabelTree)).toList();
    boolean overSealed = named.stream().anyMatch(this::isSealedCase);
    boolean inCore = file.source().isCore() && !named.stream().allMatch(WordScan::isLiteral);
    if (!overSealed && !inCore) {
      return;
    }
    labels.stream()
        .filter(DefaultCaseLabelTree.class::isInstance)
        .forEach(label -> add(label, Rule.DEFAULT_ARM, "default hides the cases to come"));
  }

  private boolean isSealedCase(Tree label) {
    return label instanceof PatternCaseLabelTree pattern
        && sealedCases.contains(SealedCases.simpleName(typeOf(pattern.getPattern())));
  }

  private static String typeOf(PatternTree pattern) {
    return switch (pattern) {
      case BindingPatternTree binding -> String.valueOf(binding.getVariable().getType());
      case DeconstructionPatternTree record -> record.getDeconstructor().toString();
      default -> "";
    };
  }

  private static boolean isLiteral(Tree label) {
    return label instanceof ConstantCaseLabelTree constant
        && constant.getConstantExpression() instanceof LiteralTree literal
        && literal.getKind() != Tree.Kind.NULL_LITERAL;
  }

  private void add(Tree tree, Rule rule, String what) {
    findings.add(new Finding(file.source().path(), file.line(tree), rule, what));
  }
}
