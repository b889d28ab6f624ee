package dev.salvor.common.format;

import dev.salvor.common.format.PickleValue.Global;
import dev.salvor.common.format.PickleValue.Storage;
import dev.salvor.common.format.PickleValue.Text;
import dev.salvor.common.format.PickleValue.Tuple;
import dev.salvor.common.format.PickleValue.Whole;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Walks pickle opcodes over a symbolic stack: learns what would be imported and which tensors lie
/// on which storages, and executes nothing. What was learnt before damage stays readable.
final class PickleWalk {
  /// What an import is called whose name is computed, so that nobody can tell what it is.
  static final String UNRESOLVABLE = "unknown.unknown";

  /// Opcodes of the largest real state dicts number some ten millions.
  private static final long MAX_OPCODES = 200_000_000;

  private static final int MAX_STACK = 4_000_000;
  private static final int MAX_MEMO = 4_000_000;
  private static final long MAX_TUPLE_ITEMS = 16_000_000;

  /// What torch's weights_only machine knows (torch/_weights_only_unpickler.py).
  private static final String WEIGHTS_ONLY =
      "c\u0081Rbaesu(t\u0085\u0086\u0087N\u0088\u0089)]}\u008fKMJGXU\u008aQhjqr\u0080.";

  private final PickleBytes bytes;
  private final List<PickleValue> stack = new ArrayList<>();
  private final Map<Long, PickleValue> memo = new HashMap<>();
  private final TreeSet<String> imports = new TreeSet<>();
  private final Map<String, Storage> storages = new TreeMap<>();
  private boolean plainOpcodes = true;
  private long tupleItems;
  private long tensors;

  PickleWalk(PickleBytes bytes) {
    this.bytes = bytes;
  }

  Set<String> imports() {
    return imports;
  }

  Map<String, Storage> storages() {
    return storages;
  }

  long tensors() {
    return tensors;
  }

  /// Whether every opcode so far is one that weights_only accepts.
  boolean plainOpcodes() {
    return plainOpcodes;
  }

  /// Takes over what another walk learnt.
  void absorb(PickleWalk other) {
    imports.addAll(other.imports);
    tensors += other.tensors;
    plainOpcodes &= other.plainOpcodes;
  }

  /// Walks one pickle to its STOP; what was learnt of earlier ones is kept.
  void pickle() throws IOException {
    stack.clear();
    memo.clear();
    for (long i = 0; i < MAX_OPCODES; i++) {
      int opcode = bytes.one();
      plainOpcodes &= WEIGHTS_ONLY.indexOf(opcode) >= 0;
      if (opcode == '.') {
        pop();
        return;
      }
      if (!literal(opcode) && !stackWork(opcode) && !memoWork(opcode) && !objectWork(opcode)) {
        throw new DamagedException(
            "Unknown pickle opcode 0x%02x at %d".formatted(opcode, bytes.position() - 1));
      }
      if (stack.size() > MAX_STACK || memo.size() > MAX_MEMO) {
        throw new DamagedException("A pickle deeper than any checkpoint's");
      }
    }
    throw new DamagedException("A pickle longer than any checkpoint's");
  }

  private boolean literal(int opcode) throws IOException {
    switch (opcode) {
      case 'N', 0x88, 0x89, '}', ']', 0x8f, 0x97 -> push(PickleValue.OPAQUE);
      case 'K' -> push(new Whole(bytes.one()));
      case 'M' -> push(new Whole(bytes.whole(2)));
      case 'J' -> push(new Whole(bytes.signed()));
      case 'I', 'L' -> push(integer(bytes.line()));
      case 'F' -> opaqueLine();
      case 'G' -> skipped(8);
      case 0x8a -> push(longOne(bytes.one()));
      case 0x8b -> skipped(bytes.signed());
      case 'S' -> push(new Text(unquoted(bytes.line())));
      case 'V' -> push(new Text(bytes.line()));
      case 'U', 0x8c -> push(bytes.text(bytes.one()));
      case 'X' -> push(bytes.text(bytes.whole(4)));
      case 'T' -> push(bytes.text(bytes.signed()));
      case 0x8d -> push(bytes.text(bytes.whole(8)));
      case 'C' -> skipped(bytes.one());
      case 'B' -> skipped(bytes.whole(4));
      case 0x8e, 0x96 -> skipped(bytes.whole(8));
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean stackWork(int opcode) throws IOException {
    switch (opcode) {
      case '(' -> push(PickleValue.MARK);
      case '0' -> pop();
      case '1' -> popToMark();
      case '2' -> push(peek());
      case ')' -> push(new Tuple(List.of()));
      case 't' -> push(tuple(popToMark()));
      case 0x85, 0x86, 0x87 -> push(tuple(popMany(opcode - 0x84)));
      case 'l', 'd', 0x91 -> {
        popToMark();
        push(PickleValue.OPAQUE);
      }
      case 'a' -> pop();
      case 's' -> popMany(2);
      case 'e', 'u', 0x90 -> popToMark();
      case 0x80 -> bytes.one();
      case 0x95 -> bytes.whole(8);
      case 0x98 -> peek();
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean memoWork(int opcode) throws IOException {
    switch (opcode) {
      case 'p' -> memo.put(bytes.numberLine(), peek());
      case 'q' -> memo.put((long) bytes.one(), peek());
      case 'r' -> memo.put(bytes.whole(4), peek());
      case 0x94 -> memo.put((long) memo.size(), peek());
      case 'g' -> push(remembered(bytes.numberLine()));
      case 'h' -> push(remembered(bytes.one()));
      case 'j' -> push(remembered(bytes.whole(4)));
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean objectWork(int opcode) throws IOException {
    switch (opcode) {
      case 'c' -> push(imported(bytes.line(), bytes.line()));
      case 0x93 -> stackGlobal();
      case 'i' -> {
        imported(bytes.line(), bytes.line());
        popToMark();
        push(PickleValue.OPAQUE);
      }
      case 'o' -> {
        popToMark();
        push(PickleValue.OPAQUE);
      }
      case 'R', 0x81 -> reduce();
      case 0x92 -> {
        popMany(3);
        push(PickleValue.OPAQUE);
      }
      case 'b' -> pop();
      case 0x82 -> extension(1);
      case 0x83 -> extension(2);
      case 0x84 -> extension(4);
      case 'P' -> opaqueLine();
      case 'Q' -> push(persistent(pop()));
      default -> {
        return false;
      }
    }
    return true;
  }

  /// An extension code names an import that only the running interpreter knows.
  private void extension(int length) throws IOException {
    bytes.whole(length);
    imports.add(UNRESOLVABLE);
    push(PickleValue.OPAQUE);
  }

  private Global imported(String module, String name) {
    String full = PickleImports.modern(module) + "." + name;
    imports.add(full);
    return new Global(full);
  }

  private void stackGlobal() throws IOException {
    PickleValue name = pop();
    PickleValue module = pop();
    if (module instanceof Text(String from) && name instanceof Text(String what)) {
      push(imported(from, what));
    } else {
      imports.add(UNRESOLVABLE);
      push(PickleValue.OPAQUE);
    }
  }

  private void reduce() throws IOException {
    PickleValue arguments = pop();
    PickleValue callable = pop();
    if (callable instanceof Global(String name) && arguments instanceof Tuple(var items)) {
      if (TorchTensors.rebuilds(name) && !items.isEmpty()) {
        TorchTensors.check(items);
        tensors++;
      }
    }
    push(PickleValue.OPAQUE);
  }

  private PickleValue persistent(PickleValue id) throws IOException {
    if (!(id instanceof Tuple(var items))) {
      return PickleValue.OPAQUE;
    }
    PickleValue value = TorchTensors.storage(items);
    if (value instanceof Storage storage) {
      Storage before = storages.putIfAbsent(storage.key(), storage);
      if (before != null && before.elements() != storage.elements()) {
        throw new DamagedException("Storage " + storage.key() + " has two sizes");
      }
    }
    return value;
  }

  private Tuple tuple(List<PickleValue> items) throws IOException {
    tupleItems += items.size();
    if (tupleItems > MAX_TUPLE_ITEMS) {
      throw new DamagedException("A pickle with more tuples than any checkpoint's");
    }
    return new Tuple(items);
  }

  private PickleValue remembered(long key) throws IOException {
    PickleValue value = memo.get(key);
    if (value == null) {
      throw new DamagedException("A pickle gets from its memo what it never put there: " + key);
    }
    return value;
  }

  private void push(PickleValue value) {
    stack.add(value);
  }

  private PickleValue peek() throws IOException {
    if (stack.isEmpty()) {
      throw new DamagedException("A pickle takes from an empty stack");
    }
    return stack.getLast();
  }

  private PickleValue pop() throws IOException {
    PickleValue top = peek();
    stack.removeLast();
    return top;
  }

  private List<PickleValue> popMany(int count) throws IOException {
    if (stack.size() < count) {
      throw new DamagedException("A pickle takes from an empty stack");
    }
    return cut(stack.size() - count);
  }

  private List<PickleValue> popToMark() throws IOException {
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
    tail.clear();
    return items;
  }

  private void opaqueLine() throws IOException {
    bytes.line();
    push(PickleValue.OPAQUE);
  }

  private void skipped(long length) throws IOException {
    bytes.skip(length);
    push(PickleValue.OPAQUE);
  }

  private PickleValue longOne(int length) throws IOException {
    if (length == 0 || length > 8) {
      bytes.skip(length);
      return length == 0 ? new Whole(0) : PickleValue.OPAQUE;
    }
    int unused = 64 - 8 * length;
    return new Whole(bytes.whole(length) << unused >> unused);
  }

  private static PickleValue integer(String line) {
    String digits = line.endsWith("L") ? line.substring(0, line.length() - 1) : line;
    try {
      return new Whole(Long.parseLong(digits.strip()));
    } catch (NumberFormatException e) {
      return PickleValue.OPAQUE;
    }
  }

  private static String unquoted(String line) {
    String text = line.strip();
    boolean quoted = text.length() >= 2 && "'\"".indexOf(text.charAt(0)) >= 0;
    return quoted ? text.substring(1, text.length() - 1) : text;
  }
}
