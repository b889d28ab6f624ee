package dev.salvor.controller.house;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.DoWhileLoopTree;
import com.sun.source.tree.EnhancedForLoopTree;
import com.sun.source.tree.ForLoopTree;
import com.sun.source.tree.IfTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.SwitchExpressionTree;
import com.sun.source.tree.SwitchTree;
import com.sun.source.tree.SynchronizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TryTree;
import com.sun.source.tree.WhileLoopTree;
import com.sun.source.util.TreeScanner;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Measures methods: how long, how many parameters, how deep. The argument is the depth so far.
final class SizeScan extends TreeScanner<@Nullable Void, Integer> {
  static final int METHOD_LINES = 50;
  static final int PARAMETERS = 5;
  static final int NESTING = 3;

  private final ParsedFile file;
  private final List<Finding> findings;
  private boolean inRecord;

  SizeScan(ParsedFile file, List<Finding> findings) {
    this.file = file;
    this.findings = findings;
  }

  void run() {
    scan(file.unit(), 0);
  }

  @Override
  public @Nullable Void visitClass(ClassTree type, Integer depth) {
    boolean outer = inRecord;
    inRecord = type.getKind() == Tree.Kind.RECORD;
    type.getMembers().stream()
        .filter(member -> member instanceof BlockTree)
        .forEach(block -> checkLength(block, "an initializer"));
    super.visitClass(type, 0);
    inRecord = outer;
    return null;
  }

  @Override
  public @Nullable Void visitMethod(MethodTree method, Integer depth) {
    String name = method.getName().toString();
    checkLength(method, name);
    int parameters = method.getParameters().size();
    boolean canonical = inRecord && name.equals("<init>");
    if (parameters > PARAMETERS && !canonical) {
      add(method, Rule.PARAMETERS, name + " has " + parameters);
    }
    return super.visitMethod(method, 0);
  }

  private void checkLength(Tree body, String name) {
    long lines = file.linesOf(body);
    if (lines > METHOD_LINES) {
      add(body, Rule.METHOD_LENGTH, name + " has " + lines + " lines");
    }
  }

  @Override
  public @Nullable Void visitIf(IfTree tree, Integer depth) {
    scan(tree.getCondition(), depth);
    scan(tree.getThenStatement(), deeper(tree, depth));
    Tree otherwise = tree.getElseStatement();
    // "else if" is a list of cases, not one more level.
    return scan(otherwise, otherwise instanceof IfTree ? depth : depth + 1);
  }

  @Override
  public @Nullable Void visitForLoop(ForLoopTree tree, Integer depth) {
    return super.visitForLoop(tree, deeper(tree, depth));
  }

  @Override
  public @Nullable Void visitEnhancedForLoop(EnhancedForLoopTree tree, Integer depth) {
    return super.visitEnhancedForLoop(tree, deeper(tree, depth));
  }

  @Override
  public @Nullable Void visitWhileLoop(WhileLoopTree tree, Integer depth) {
    return super.visitWhileLoop(tree, deeper(tree, depth));
  }

  @Override
  public @Nullable Void visitDoWhileLoop(DoWhileLoopTree tree, Integer depth) {
    return super.visitDoWhileLoop(tree, deeper(tree, depth));
  }

  @Override
  public @Nullable Void visitSwitch(SwitchTree tree, Integer depth) {
    return super.visitSwitch(tree, deeper(tree, depth));
  }

  @Override
  public @Nullable Void visitSwitchExpression(SwitchExpressionTree tree, Integer depth) {
    return super.visitSwitchExpression(tree, deeper(tree, depth));
  }

  @Override
  public @Nullable Void visitTry(TryTree tree, Integer depth) {
    return super.visitTry(tree, deeper(tree, depth));
  }

  @Override
  public @Nullable Void visitSynchronized(SynchronizedTree tree, Integer depth) {
    return super.visitSynchronized(tree, deeper(tree, depth));
  }

  /// Tells of the first level too many only: what lies inside it is deeper by itself.
  private int deeper(Tree tree, int depth) {
    if (depth + 1 == NESTING + 1) {
      add(tree, Rule.NESTING, "level " + (depth + 1));
    }
    return depth + 1;
  }

  private void add(Tree tree, Rule rule, String what) {
    findings.add(new Finding(file.source().path(), file.line(tree), rule, what));
  }
}
