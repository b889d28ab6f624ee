package dev.salvor.common.format;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// Reads JSON from a stranger token by token: strict UTF-8, no duplicate keys, bounded depth and
/// strings, nothing kept but what the caller takes.
public final class JsonReader {
  /// Deeper nesting is an attack on the stack, not a checkpoint.
  private static final int MAX_DEPTH = 128;

  /// A tensor's name is far shorter.
  private static final int MAX_KEY_CHARS = 64 * 1024;

  /// Keys of one object; the largest models have some hundred thousand tensors.
  private static final int MAX_KEYS = 400_000;

  private static final int NOTHING = -2;

  /// Not to be guessed by whoever would make two names look like one.
  private static final long SEED = System.nanoTime() * 0x9e3779b97f4a7c15L;

  private final Reader in;
  private int peeked = NOTHING;
  private int depth;

  public JsonReader(InputStream in) {
    this.in =
        new BufferedReader(
            new InputStreamReader(
                in,
                StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)));
  }

  /// Called with each key, must consume exactly one value.
  public interface Member {
    void read(String key) throws IOException;
  }

  /// Called before each item, must consume exactly one value.
  public interface Item {
    void read() throws IOException;
  }

  /// The first character of the value that comes next; -1 at the end.
  public int peekValue() throws IOException {
    int c = peek();
    while (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      next();
      c = peek();
    }
    return c;
  }

  public void object(Member member) throws IOException {
    expect('{');
    enter();
    Set<Fingerprint> keys = new HashSet<>();
    boolean more = peekValue() != '}';
    while (more) {
      String key = string(MAX_KEY_CHARS);
      if (!keys.add(Fingerprint.of(key))) {
        throw new DamagedException("JSON key twice: " + key);
      }
      if (keys.size() > MAX_KEYS) {
        throw new DamagedException("JSON object with over " + MAX_KEYS + " keys");
      }
      expect(':');
      member.read(key);
      more = another('}');
    }
    expect('}');
    depth--;
  }

  public void array(Item item) throws IOException {
    expect('[');
    enter();
    boolean more = peekValue() != ']';
    while (more) {
      item.read();
      more = another(']');
    }
    expect(']');
    depth--;
  }

  private boolean another(char end) throws IOException {
    int c = peekValue();
    if (c == ',') {
      next();
      return true;
    }
    if (c != end) {
      throw unexpected(c, "',' or '" + end + "'");
    }
    return false;
  }

  public String string(int maxChars) throws IOException {
    StringBuilder text = new StringBuilder();
    chars(text, maxChars);
    return text.toString();
  }

  /// A string as text, anything else consumed and empty.
  public Optional<String> text(int maxChars) throws IOException {
    if (peekValue() == '"') {
      return Optional.of(string(maxChars));
    }
    skip();
    return Optional.empty();
  }

  /// A whole number that is not negative, anything else consumed and empty.
  public OptionalLong count() throws IOException {
    int c = peekValue();
    if (c < '0' || c > '9') {
      skip();
      return OptionalLong.empty();
    }
    String text = number();
    return text.length() < 19 && text.chars().allMatch(Character::isDigit)
        ? OptionalLong.of(Long.parseLong(text))
        : OptionalLong.empty();
  }

  /// Consumes any one value, checking its syntax and keeping nothing.
  public void skip() throws IOException {
    int c = peekValue();
    switch (c) {
      case '{' -> skipObject();
      case '[' -> array(this::skip);
      case '"' -> chars(null, Integer.MAX_VALUE);
      case 't' -> word("true");
      case 'f' -> word("false");
      case 'n' -> word("null");
      case 'N' -> word("NaN");
      case 'I' -> word("Infinity");
      default -> skipNumber();
    }
  }

  /// Python writes what is not finite into JSON, and trainers' losses are sometimes not.
  private void skipNumber() throws IOException {
    if (peek() != '-') {
      number();
      return;
    }
    next();
    if (peek() == 'I') {
      word("Infinity");
    } else {
      number();
    }
  }

  /// Keys twice are for those to mind who take values by key.
  private void skipObject() throws IOException {
    expect('{');
    enter();
    boolean more = peekValue() != '}';
    while (more) {
      peekValue();
      chars(null, Integer.MAX_VALUE);
      expect(':');
      skip();
      more = another('}');
    }
    expect('}');
    depth--;
  }

  /// What a name is known by where names are many and long: a hostile header of 100 MB must not
  /// become as much heap.
  private record Fingerprint(long high, long low) {
    static Fingerprint of(String name) {
      long high = 0xcbf29ce484222325L;
      long low = SEED;
      for (int i = 0; i < name.length(); i++) {
        high = (high ^ name.charAt(i)) * 0x100000001b3L;
        low = Long.rotateLeft((low ^ name.charAt(i)) * 0x9e3779b97f4a7c15L, 29);
      }
      return new Fingerprint(high, low);
    }
  }

  /// A whole number from 0 to 2^63-1.
  public long unsigned() throws IOException {
    String text = number();
    if (!text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new DamagedException("Not an unsigned whole number: " + text);
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new DamagedException("A number of 2^63 or more: " + text);
    }
  }

  /// Only white space may follow.
  public void end() throws IOException {
    int c = peekValue();
    if (c >= 0) {
      throw unexpected(c, "the end");
    }
  }

  private String number() throws IOException {
    peekValue();
    StringBuilder text = new StringBuilder();
    while ("+-.eE0123456789".indexOf(peek()) >= 0) {
      text.append((char) next());
      if (text.length() > 64) {
        throw new DamagedException("A JSON number of over 64 characters");
      }
    }
    if (!NUMBER.matcher(text).matches()) {
      throw text.isEmpty()
          ? unexpected(peek(), "a value")
          : new DamagedException("Not a JSON number: " + text);
    }
    return text.toString();
  }

  private static final java.util.regex.Pattern NUMBER =
      java.util.regex.Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

  private void word(String word) throws IOException {
    for (int i = 0; i < word.length(); i++) {
      int c = next();
      if (c != word.charAt(i)) {
        throw unexpected(c, word);
      }
    }
  }

  private void chars(@org.jspecify.annotations.Nullable StringBuilder into, int maxChars)
      throws IOException {
    expect('"');
    int length = 0;
    for (int c = next(); c != '"'; c = next()) {
      if (c < ' ') {
        throw unexpected(c, "a character of a string");
      }
      char value = c == '\\' ? escaped() : (char) c;
      if (into != null) {
        into.append(value);
      }
      if (++length > maxChars) {
        throw new DamagedException("A JSON string of over " + maxChars + " characters");
      }
    }
  }

  private char escaped() throws IOException {
    int c = next();
    return switch (c) {
      case '"', '\\', '/' -> (char) c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unicode();
      default -> throw unexpected(c, "an escape");
    };
  }

  private char unicode() throws IOException {
    int value = 0;
    for (int i = 0; i < 4; i++) {
      int c = next();
      int digit = Character.digit(c, 16);
      if (digit < 0 || c > 'f') {
        throw unexpected(c, "a hex digit");
      }
      value = value * 16 + digit;
    }
    return (char) value;
  }

  private void enter() throws IOException {
    if (++depth > MAX_DEPTH) {
      throw new DamagedException("JSON nested deeper than " + MAX_DEPTH);
    }
  }

  private void expect(char wanted) throws IOException {
    int c = peekValue();
    if (c != wanted) {
      throw unexpected(c, "'" + wanted + "'");
    }
    next();
  }

  private int peek() throws IOException {
    if (peeked == NOTHING) {
      peeked = in.read();
    }
    return peeked;
  }

  private int next() throws IOException {
    int c = peek();
    peeked = NOTHING;
    return c;
  }

  private static DamagedException unexpected(int c, String wanted) {
    String found = c < 0 ? "the end" : "'" + (char) c + "'";
    return new DamagedException("JSON has " + found + " where " + wanted + " should be");
  }
}
