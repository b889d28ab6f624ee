package dev.salvor.common.format.pickle;

import dev.salvor.common.format.DamagedException;
import dev.salvor.common.format.pickle.PickleValue.Items;
import dev.salvor.common.format.pickle.PickleValue.Made;
import dev.salvor.common.format.pickle.PickleValue.Text;
import dev.salvor.common.format.pickle.PickleValue.Tuple;
import dev.salvor.common.format.pickle.PickleValue.Whole;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// Walks pickle opcodes over a symbolic stack: learns what would be imported and which tensors lie
/// on which storages, and executes nothing.
public final class PickleWalk {
  /// Opcodes of the largest real state dicts number some millions.
  private static final long MAX_OPCODES = 60_000_000;

  /// What torch's weights_only machine knows (torch/_weights_only_unpickler.py).
  private static final String WEIGHTS_ONLY =
      "c\u0081Rbaesu(t\u0085\u0086\u0087N\u0088\u0089)]}\u008fKMJGXU\u008aQhjqr\u0080.";

  /// Of the protocols 0 and 1; later ones have those from 0x80 on.
  private static final String OPCODES = "(.012FIJKLMNPQRSTUVXabcdeghijlopqrstu)]}GBC";

  /// Is told of each object that was given its state; may take bytes that follow in the stream.
  public interface OnBuild {
    void built(Made object) throws IOException;
  }

  private final PickleBytes bytes;
  private final boolean looksIntoStrings;
  private final OnBuild onBuild;
  private final PickleNotes notes = new PickleNotes();
  private final PickleStack stack = new PickleStack();
  private final PickleObjects objects = new PickleObjects(stack, notes);

  public PickleWalk(PickleBytes bytes) {
    this(bytes, true, object -> {});
  }

  public PickleWalk(PickleBytes bytes, OnBuild onBuild) {
    this(bytes, true, onBuild);
  }

  private PickleWalk(PickleBytes bytes, boolean looksIntoStrings, OnBuild onBuild) {
    this.bytes = bytes;
    this.looksIntoStrings = looksIntoStrings;
    this.onBuild = onBuild;
  }

  /// A walk inside a string of another: does not look into strings again.
  static PickleWalk nested(PickleBytes bytes) {
    return new PickleWalk(bytes, false, object -> {});
  }

  /// Whether a byte begins anything in a pickle.
  static boolean isOpcode(int value) {
    return value >= 0x80 ? value <= 0x98 : value > ' ' && OPCODES.indexOf(value) >= 0;
  }

  public PickleNotes notes() {
    return notes;
  }

  /// Whether the pickle was too large for all of it to be kept.
  public boolean isBlind() {
    return stack.blind();
  }

  /// Walks one pickle to its STOP and answers what it would become; what was noted of earlier ones
  /// is kept.
  public PickleValue pickle() throws IOException {
    stack.clear();
    objects.clear();
    for (long i = 0; i < MAX_OPCODES; i++) {
      int opcode = bytes.one();
      if (WEIGHTS_ONLY.indexOf(opcode) < 0) {
        notes.unplain();
      }
      if (opcode == '.') {
        return stack.pop();
      }
      if (!literal(opcode) && !stackWork(opcode) && !memoWork(opcode) && !objectWork(opcode)) {
        throw new DamagedException(
            "Unknown pickle opcode 0x%02x at %d".formatted(opcode, bytes.position() - 1));
      }
    }
    throw new DamagedException("A pickle longer than any checkpoint's");
  }

  private boolean literal(int opcode) throws IOException {
    switch (opcode) {
      case 'N', 0x88, 0x8f, 0x97 -> stack.push(PickleValue.OPAQUE);
      case 0x89 -> stack.push(PickleValue.FALSE);
      case 'K' -> stack.push(new Whole(bytes.one()));
      case 'M' -> stack.push(new Whole(bytes.whole(2)));
      case 'J' -> stack.push(new Whole(bytes.signed()));
      case 'I', 'L' -> stack.push(integer(bytes.line()));
      case 'F' -> opaqueLine();
      case 'G' -> {
        bytes.skip(8);
        stack.push(PickleValue.OPAQUE);
      }
      case 0x8a -> stack.push(longOne(bytes.one()));
      case 0x8b -> {
        bytes.skip(bytes.signed());
        stack.push(PickleValue.OPAQUE);
      }
      case 'S' -> lineText(unquoted(bytes.line()));
      case 'V' -> lineText(bytes.nameLine());
      case 'U', 0x8c -> text(bytes.one());
      case 'X' -> text(bytes.whole(4));
      case 'T' -> text(bytes.signed());
      case 0x8d -> text(bytes.whole(8));
      case 'C' -> binary(bytes.one());
      case 'B' -> binary(bytes.whole(4));
      case 0x8e, 0x96 -> binary(bytes.whole(8));
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean stackWork(int opcode) throws IOException {
    switch (opcode) {
      case '(' -> stack.push(PickleValue.MARK);
      case '0' -> stack.pop();
      case '1' -> stack.popToMark();
      case '2' -> stack.push(stack.peek());
      case ')' -> stack.push(new Tuple(List.of()));
      case 't' -> stack.push(objects.tuple(stack.popToMark()));
      case 0x85, 0x86, 0x87 -> stack.push(objects.tuple(stack.pop(opcode - 0x84)));
      case ']' -> stack.push(new Items());
      case '}' -> stack.push(new PickleValue.Dict());
      case 'l' -> stack.push(objects.list(stack.popToMark()));
      case 'd' -> stack.push(objects.dict(stack.popToMark()));
      case 0x91 -> {
        stack.popToMark();
        stack.push(PickleValue.OPAQUE);
      }
      case 'a' -> {
        List<PickleValue> one = stack.pop(1);
        objects.append(stack.peek(), one);
      }
      case 's' -> {
        List<PickleValue> pair = stack.pop(2);
        objects.set(stack.peek(), pair);
      }
      case 'e' -> {
        List<PickleValue> many = stack.popToMark();
        objects.append(stack.peek(), many);
      }
      case 'u' -> {
        List<PickleValue> pairs = stack.popToMark();
        objects.set(stack.peek(), pairs);
      }
      case 0x90 -> {
        stack.popToMark();
        stack.peek();
      }
      case 0x80 -> bytes.one();
      case 0x95 -> bytes.whole(8);
      case 0x98 -> stack.peek();
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean memoWork(int opcode) throws IOException {
    switch (opcode) {
      case 'p' -> stack.remember(bytes.numberLine());
      case 'q' -> stack.remember(bytes.one());
      case 'r' -> stack.remember(bytes.whole(4));
      case 0x94 -> stack.memoize();
      case 'g' -> stack.recall(bytes.numberLine());
      case 'h' -> stack.recall(bytes.one());
      case 'j' -> stack.recall(bytes.whole(4));
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean objectWork(int opcode) throws IOException {
    switch (opcode) {
      case 'c' -> stack.push(objects.imported(bytes.nameLine(), bytes.nameLine()));
      case 0x93 -> stack.push(objects.stackGlobal());
      case 'i' -> {
        PickleValue type = objects.imported(bytes.nameLine(), bytes.nameLine());
        stack.push(objects.called(type, objects.tuple(stack.popToMark())));
      }
      case 'o' -> {
        List<PickleValue> items = stack.popToMark();
        PickleValue type = items.isEmpty() ? PickleValue.OPAQUE : items.getFirst();
        stack.push(objects.called(type, PickleValue.OPAQUE));
      }
      case 'R', 0x81 -> stack.push(objects.reduced());
      case 0x92 -> {
        stack.pop();
        stack.push(objects.reduced());
      }
      case 'b' -> build();
      case 0x82 -> extension(1);
      case 0x83 -> extension(2);
      case 0x84 -> extension(4);
      case 'P' -> opaqueLine();
      case 'Q' -> stack.push(objects.persistent(stack.pop()));
      default -> {
        return false;
      }
    }
    return true;
  }

  private void build() throws IOException {
    PickleValue state = stack.pop();
    if (stack.peek() instanceof Made made) {
      made.build(state);
      onBuild.built(made);
    }
  }

  /// An extension code names an import that only the running interpreter knows.
  private void extension(int length) throws IOException {
    bytes.whole(length);
    stack.push(objects.unresolvable());
  }

  /// A string as text where it is short, opaque where it is long; looked into where it may be a
  /// pickle.
  private void text(long length) throws IOException {
    if (length < 0 || length > PickleBytes.KEPT_BYTES) {
      binary(length);
      return;
    }
    byte[] text = bytes.exactly((int) length);
    lookInto(text);
    stack.push(new Text(new String(text, StandardCharsets.UTF_8)));
  }

  private void lineText(String text) throws IOException {
    lookInto(text.getBytes(StandardCharsets.ISO_8859_1));
    stack.push(new Text(text));
  }

  private void lookInto(byte[] text) throws IOException {
    byte[] hint = Arrays.copyOf(text, Math.min(text.length, NestedPickles.HINT_BYTES));
    if (looksIntoStrings && NestedPickles.suspects(hint, text.length)) {
      InputStream rest = new ByteArrayInputStream(text, hint.length, text.length - hint.length);
      NestedPickles.look(hint, rest, notes);
    }
  }

  private void binary(long length) throws IOException {
    if (length < 0) {
      throw new DamagedException("A pickle asks for a negative length");
    }
    long end = bytes.position() + length;
    byte[] hint = bytes.exactly((int) Math.min(length, NestedPickles.HINT_BYTES));
    if (looksIntoStrings && NestedPickles.suspects(hint, length)) {
      NestedPickles.look(hint, bytes.window(length - hint.length), notes);
    }
    bytes.skip(end - bytes.position());
    stack.push(PickleValue.OPAQUE);
  }

  private void opaqueLine() throws IOException {
    bytes.line();
    stack.push(PickleValue.OPAQUE);
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
