package dev.salvor.common.format.pickle;

import dev.salvor.common.format.DamagedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The stack and memo of a symbolic pickle machine, with bounds: what a hostile pickle piles up is
/// either dropped from sight or refused.
final class PickleStack {
  /// Picklers put at most a thousand items before they close a list; a tuple may be longer.
  private static final int MAX_STACK = 1_000_000;

  private static final int MAX_MEMO = 8_000_000;

  /// Memo numbers that picklers give are dense; others are few or an attack.
  private static final int MAX_SPARSE = 10_000;

  /// What is remembered beyond single shared objects; each costs some tens of bytes.
  private static final int MAX_KEPT = 1_000_000;

  private static final long MAX_KEPT_CHARS = 24L << 20;

  /// Of all strings that lie on the stack at once; picklers leave a few thousand there.
  private static final long MAX_STACK_CHARS = 16L << 20;

  private final List<PickleValue> stack = new ArrayList<>();
  private final List<PickleValue> memo = new ArrayList<>();
  private final Map<Long, PickleValue> sparse = new HashMap<>();
  private int kept;
  private long keptChars;
  private long stackChars;
  private boolean blind;

  /// Forgets all of the pickle before, and that it was too large.
  void clear() {
    stack.clear();
    memo.clear();
    sparse.clear();
    kept = 0;
    keptChars = 0;
    stackChars = 0;
    blind = false;
  }

  /// Whether something had to be dropped, so that contents are no longer all known.
  boolean blind() {
    return blind;
  }

  /// Whether one more value may be remembered.
  boolean keep(PickleValue value) {
    boolean room = kept < MAX_KEPT;
    keptChars += chars(value);
    if (!room || keptChars > MAX_KEPT_CHARS) {
      blind = true;
      return false;
    }
    kept++;
    return true;
  }

  void push(PickleValue value) throws IOException {
    if (stack.size() >= MAX_STACK) {
      throw new DamagedException("A pickle deeper than any checkpoint's");
    }
    long chars = chars(value);
    if (stackChars + chars > MAX_STACK_CHARS) {
      blind = true;
      stack.add(PickleValue.OPAQUE);
      return;
    }
    stackChars += chars;
    stack.add(value);
  }

  private static int chars(PickleValue value) {
    return value instanceof PickleValue.Text(String text) ? text.length() : 0;
  }

  PickleValue peek() throws IOException {
    if (stack.isEmpty()) {
      throw new DamagedException("A pickle takes from an empty stack");
    }
    return stack.getLast();
  }

  PickleValue pop() throws IOException {
    PickleValue top = peek();
    stack.removeLast();
    stackChars -= chars(top);
    return top;
  }

  List<PickleValue> pop(int count) throws IOException {
    if (stack.size() < count) {
      throw new DamagedException("A pickle takes from an empty stack");
    }
    return cut(stack.size() - count);
  }

  List<PickleValue> popToMark() throws IOException {
    for (int i = stack.size() - 1; i >= 0; i--) {
      if (stack.get(i) instanceof PickleValue.Mark) {
        List<PickleValue> items = cut(i + 1);
        stack.removeLast();
        return items;
      }
    }
    throw new DamagedException("A pickle closes what it never opened");
  }

  private List<PickleValue> cut(int from) {
    List<PickleValue> tail = stack.subList(from, stack.size());
    List<PickleValue> items = List.copyOf(tail);
    items.forEach(item -> stackChars -= chars(item));
    tail.clear();
    return items;
  }

  void memoize() throws IOException {
    remember(memo.size() + (long) sparse.size());
  }

  void remember(long key) throws IOException {
    PickleValue value = peek();
    boolean shared =
        value instanceof PickleValue.Opaque
            || value instanceof PickleValue.Mark
            || value instanceof PickleValue.False;
    PickleValue known = shared || keep(value) ? value : PickleValue.OPAQUE;
    if (key >= 0 && key < memo.size()) {
      memo.set((int) key, known);
    } else if (key == memo.size() && key < MAX_MEMO) {
      memo.add(known);
    } else {
      sparse.put(key, known);
      if (sparse.size() > MAX_SPARSE) {
        throw new DamagedException("A pickle with a larger memo than any checkpoint's");
      }
    }
  }

  void recall(long key) throws IOException {
    PickleValue value = key >= 0 && key < memo.size() ? memo.get((int) key) : sparse.get(key);
    if (value == null) {
      throw new DamagedException("A pickle gets from its memo what it never put there: " + key);
    }
    push(value);
  }
}
