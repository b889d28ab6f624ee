package dev.salvor.common.format.numpy;

import dev.salvor.common.format.DamagedException;
import dev.salvor.common.format.FloatScan;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The header of a .npy file (numpy/lib/_format_impl.py): what kind of numbers, how many.
///
/// @param bytes of the header, with all in front of the data
/// @param itemBytes of one element
/// @param objects whether the elements are pickled Python objects
/// @param type the element type in numpy's words, "<f4"
record NpyHeader(long bytes, long items, long itemBytes, boolean objects, String type) {
  static final String MAGIC = "\u0093NUMPY";
  private static final int PREFIX = 8;

  /// numpy itself refuses more than 10,000 characters unless told otherwise.
  private static final int MAX_TEXT = 1 << 20;

  private static final Pattern SIMPLE = Pattern.compile("'descr'\\s*:\\s*'([^']*)'");
  private static final Pattern RECORDS = Pattern.compile("'descr'\\s*:\\s*(\\[.*?\\])\\s*,\\s*'");
  private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([^)]*)\\)");
  private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
  private static final Pattern TYPE =
      Pattern.compile("[<>|=]?([biufcSUVOmM?])([0-9]{0,9})(\\[.*\\])?");
  private static final Pattern FIELD =
      Pattern.compile(
          "\\(\\s*(?:'[^']*'|\\([^)]*\\))\\s*,\\s*'([^']*)'\\s*(?:,\\s*\\(([^)]*)\\)\\s*)?\\)");

  static NpyHeader read(InputStream in) throws IOException {
    byte[] prefix = exactly(in, PREFIX);
    if (!new String(prefix, StandardCharsets.ISO_8859_1).startsWith(MAGIC)) {
      throw new DamagedException("No .npy magic");
    }
    int major = prefix[6];
    if (major < 1 || major > 3) {
      throw new DamagedException(".npy of version " + major);
    }
    byte[] count = exactly(in, major == 1 ? 2 : 4);
    long length = 0;
    for (int i = 0; i < count.length; i++) {
      length |= (count[i] & 0xffL) << (8 * i);
    }
    if (length > MAX_TEXT) {
      throw new DamagedException(".npy header of " + length + " bytes");
    }
    byte[] text = exactly(in, (int) length);
    if (length == 0 || text[text.length - 1] != '\n') {
      throw new DamagedException(".npy header that does not end its line");
    }
    return parse(new String(text, StandardCharsets.UTF_8), PREFIX + count.length + length);
  }

  private static byte[] exactly(InputStream in, int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException(".npy ends in its header");
    }
    return bytes;
  }

  private static NpyHeader parse(String text, long bytes) throws IOException {
    Matcher shape = SHAPE.matcher(text);
    if (!shape.find() || !ORDER.matcher(text).find()) {
      throw new DamagedException(".npy header without shape or order");
    }
    long items = product(shape.group(1));
    Matcher simple = SIMPLE.matcher(text);
    if (simple.find()) {
      String type = simple.group(1);
      return new NpyHeader(bytes, items, itemBytes(type), isObject(type), type);
    }
    Matcher records = RECORDS.matcher(text);
    if (!records.find()) {
      throw new DamagedException(".npy header without a type");
    }
    return records(records.group(1), items, bytes);
  }

  private static NpyHeader records(String fields, long items, long bytes) throws IOException {
    long itemBytes = 0;
    boolean objects = false;
    Matcher field = FIELD.matcher(fields);
    int at = 0;
    while (field.find()) {
      objects |= isObject(field.group(1));
      long inside = field.group(2) == null ? 1 : product(field.group(2));
      itemBytes = sum(itemBytes, times(inside, itemBytes(field.group(1))));
      at = field.end();
    }
    if (at == 0) {
      throw new DamagedException(".npy with a type nobody can read: " + shortened(fields));
    }
    return new NpyHeader(bytes, items, itemBytes, objects, "records");
  }

  private static boolean isObject(String type) {
    return type.contains("O");
  }

  private static long itemBytes(String type) throws IOException {
    Matcher matcher = TYPE.matcher(type);
    if (!matcher.matches()) {
      throw new DamagedException(".npy with a type nobody can read: " + shortened(type));
    }
    String digits = matcher.group(2);
    long size = digits.isEmpty() ? 1 : Long.parseLong(digits);
    return matcher.group(1).equals("U") ? 4 * size : size;
  }

  private static String shortened(String text) {
    return text.length() > 100 ? text.substring(0, 100) : text;
  }

  private static long product(String tuple) throws IOException {
    long product = 1;
    for (String part : tuple.split(",", -1)) {
      String digits = part.strip().replace("L", "");
      if (digits.isEmpty()) {
        continue;
      }
      if (digits.length() > 18 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
        throw new DamagedException(".npy with the shape " + shortened(tuple));
      }
      product = times(product, Long.parseLong(digits));
    }
    return product;
  }

  private static long times(long a, long b) throws IOException {
    try {
      return Math.multiplyExact(a, b);
    } catch (ArithmeticException e) {
      throw new DamagedException(".npy larger than any file");
    }
  }

  private static long sum(long a, long b) throws IOException {
    try {
      return Math.addExact(a, b);
    } catch (ArithmeticException e) {
      throw new DamagedException(".npy larger than any file");
    }
  }

  /// The whole file's size as the header has it.
  long fileBytes() throws IOException {
    return sum(bytes, times(items, itemBytes));
  }

  Optional<FloatScan.Kind> floats() {
    return switch (type.isEmpty() ? "" : type.substring(1)) {
      case "f2" -> Optional.of(FloatScan.Kind.F16);
      case "f4", "c8" -> Optional.of(FloatScan.Kind.F32);
      case "f8", "c16" -> Optional.of(FloatScan.Kind.F64);
      default -> Optional.empty();
    };
  }

  boolean bigEndian() {
    return type.startsWith(">");
  }
}
