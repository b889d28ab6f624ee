package dev.salvor.common.format.pickle;

import dev.salvor.common.format.DamagedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/// The strings and whole numbers of a pickle in the order in which they are written, and nothing
/// else of it: enough to find a number behind its name without building any object.
public final class PickleScan {
  /// Far behind whatever a record of a step or a file looks like.
  private static final long MAX_OPCODES = 50_000_000;

  /// Longer ones are no names.
  private static final int MAX_TEXT = 4096;

  private static final int MAX_MEMO = 4_000_000;
  private static final int MEMOIZE = 0x94;

  /// Opcodes without an argument that leave something on the stack, or take from it.
  private static final String BARE =
      "(.012NRQabd}elo]st)u\u0081\u0085\u0086\u0087\u0088\u0089\u008f\u0090\u0091\u0092\u0093\u0097"
          + "\u0098";

  private static final Object OTHER = new Object();

  /// Is given each value; answers whether it wants more.
  public interface Taker {
    boolean text(String value);

    boolean whole(long value);

    /// Anything else that a value may be: a float, a container, an import.
    boolean other();
  }

  private final PickleBytes bytes;
  private final Taker taker;
  private final Map<Long, Object> memo = new HashMap<>();
  private Object last = OTHER;

  private PickleScan(PickleBytes bytes, Taker taker) {
    this.bytes = bytes;
    this.taker = taker;
  }

  /// Reads one pickle up to its STOP, or until the taker has enough; answers whether it wants more.
  public static boolean scan(InputStream in, Taker taker) throws IOException {
    return new PickleScan(new PickleBytes(in), taker).run();
  }

  public static boolean scan(PickleBytes bytes, Taker taker) throws IOException {
    return new PickleScan(bytes, taker).run();
  }

  private boolean run() throws IOException {
    for (long i = 0; i < MAX_OPCODES; i++) {
      int opcode = bytes.one();
      if (opcode == '.') {
        return true;
      }
      boolean more =
          BARE.indexOf(opcode) >= 0 ? bare(opcode) : memoWork(opcode) || argument(opcode);
      if (!more) {
        return false;
      }
    }
    throw new DamagedException("A pickle longer than any record");
  }

  private boolean bare(int opcode) {
    // Closing a tuple or setting items says nothing of what comes next.
    return "(stu0a\u0085\u0086\u0087\u0090".indexOf(opcode) >= 0 || push(OTHER);
  }

  /// Whether it was one; a memo that grows without end is damage.
  private boolean memoWork(int opcode) throws IOException {
    switch (opcode) {
      case 'p' -> memo.put(bytes.numberLine(), last);
      case 'q' -> memo.put((long) bytes.one(), last);
      case 'r' -> memo.put(bytes.whole(4), last);
      case MEMOIZE -> memo.put((long) memo.size(), last);
      default -> {
        return false;
      }
    }
    if (memo.size() > MAX_MEMO) {
      throw new DamagedException("A pickle remembers more than any record");
    }
    return true;
  }

  private boolean argument(int opcode) throws IOException {
    return switch (opcode) {
      case 'g' -> push(memo.getOrDefault(bytes.numberLine(), OTHER));
      case 'h' -> push(memo.getOrDefault((long) bytes.one(), OTHER));
      case 'j' -> push(memo.getOrDefault(bytes.whole(4), OTHER));
      case 'K' -> push((long) bytes.one());
      case 'M' -> push(bytes.whole(2));
      case 'J' -> push((long) bytes.signed());
      case 0x8a -> push(number(bytes.one()));
      case 'I', 'L' -> push(number(bytes.line()));
      case 'S', 'V' -> push(bytes.line().replaceAll("^['\"]|['\"]$", ""));
      case 'U', 0x8c -> text(bytes.one());
      case 'X' -> text(bytes.whole(4));
      case 'T' -> text(bytes.signed());
      case 0x8d -> text(bytes.whole(8));
      default -> skipped(opcode);
    };
  }

  private boolean skipped(int opcode) throws IOException {
    switch (opcode) {
      case 0x80 -> bytes.skip(1);
      case 0x95 -> bytes.skip(8);
      case 'F', 'P' -> bytes.line();
      case 'c', 'i' -> {
        bytes.line();
        bytes.line();
      }
      case 'G' -> bytes.skip(8);
      case 'C' -> bytes.skip(bytes.one());
      case 'B', 0x8b -> bytes.skip(bytes.signed());
      case 0x8e, 0x96 -> bytes.skip(bytes.whole(8));
      case 0x82 -> bytes.skip(1);
      case 0x83 -> bytes.skip(2);
      case 0x84 -> bytes.skip(4);
      default -> throw new DamagedException("Unknown pickle opcode 0x%02x".formatted(opcode));
    }
    return opcode == 0x80 || opcode == 0x95 || push(OTHER);
  }

  private boolean text(long length) throws IOException {
    if (length < 0 || length > MAX_TEXT) {
      bytes.skip(length);
      return push(OTHER);
    }
    return push(new String(bytes.exactly((int) length), StandardCharsets.UTF_8));
  }

  private boolean push(Object value) {
    last = value;
    return switch (value) {
      case String text -> taker.text(text);
      case Long whole -> taker.whole(whole);
      default -> taker.other();
    };
  }

  private Object number(int length) throws IOException {
    if (length == 0 || length > 8) {
      bytes.skip(length);
      return length == 0 ? (Object) 0L : OTHER;
    }
    int unused = 64 - 8 * length;
    return bytes.whole(length) << unused >> unused;
  }

  private static Object number(String line) {
    try {
      return Long.parseLong(line.strip().replaceAll("L$", ""));
    } catch (NumberFormatException e) {
      return OTHER;
    }
  }
}
