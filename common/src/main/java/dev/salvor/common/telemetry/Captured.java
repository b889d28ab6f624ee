package dev.salvor.common.telemetry;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/// A captured file as text: whatever its encoding and line ends, without terminal colours, and
/// bounded.
///
/// @param lines without their ends and the blanks behind
public record Captured(List<String> lines) {
  /// What a box writes about itself is far smaller; of a longer file the rest is not looked at.
  public static final int MOST_BYTES = 8 << 20;

  /// A line is cut here: the longest that is known is one of nvidia-smi's CSV, of 7 kB.
  private static final int MOST_LINE = 64 << 10;

  /// More lines are not looked at: a kernel's log of months has some tens of thousands.
  private static final int MOST_LINES = 200_000;

  /// Of the bytes looked at, more of these than one in so many make a file binary.
  private static final int CONTROLS = 50;

  private static final int LOOKED_AT = 4096;
  private static final Pattern COLOURS = Pattern.compile("\u001b\\[[0-9;]{0,20}[A-Za-z]");

  public Captured {
    lines = List.copyOf(lines);
  }

  public static Captured of(byte[] bytes) {
    return of(text(bytes));
  }

  public static Captured of(String text) {
    String plain = text.indexOf('\u001b') < 0 ? text : COLOURS.matcher(text).replaceAll("");
    return new Captured(plain.lines().limit(MOST_LINES).map(Captured::line).toList());
  }

  /// Decoded by its byte order mark, else as UTF-8, else byte by byte.
  public static String text(byte[] bytes) {
    int length = Math.min(bytes.length, MOST_BYTES);
    if (length >= 2 && bytes[0] == (byte) 0xff && bytes[1] == (byte) 0xfe) {
      return new String(bytes, 2, length - 2, StandardCharsets.UTF_16LE);
    }
    if (length >= 2 && bytes[0] == (byte) 0xfe && bytes[1] == (byte) 0xff) {
      return new String(bytes, 2, length - 2, StandardCharsets.UTF_16BE);
    }
    boolean marked =
        length >= 3
            && bytes[0] == (byte) 0xef
            && bytes[1] == (byte) 0xbb
            && bytes[2] == (byte) 0xbf;
    ByteBuffer rest =
        marked ? ByteBuffer.wrap(bytes, 3, length - 3) : ByteBuffer.wrap(bytes, 0, length);
    return decoded(rest);
  }

  private static String decoded(ByteBuffer bytes) {
    Charset utf8 = StandardCharsets.UTF_8;
    try {
      return utf8.newDecoder().decode(bytes.duplicate()).toString();
    } catch (CharacterCodingException e) {
      return StandardCharsets.ISO_8859_1.decode(bytes).toString();
    }
  }

  private static String line(String line) {
    String cut = line.length() > MOST_LINE ? line.substring(0, MOST_LINE) : line;
    return cut.stripTrailing();
  }

  /// Nothing but blanks.
  public boolean isBlank() {
    return lines.stream().allMatch(String::isBlank);
  }

  /// Not text at all, by its first few thousand characters.
  public boolean isBinary() {
    int seen = 0;
    int controls = 0;
    for (String line : lines) {
      for (int i = 0; i < line.length() && seen < LOOKED_AT; i++, seen++) {
        char c = line.charAt(i);
        boolean control = (c < ' ' && c != '\t') || (c >= 0x7f && c < 0xa0) || c == '\ufffd';
        controls += control ? 1 : 0;
      }
    }
    return controls > 0 && controls * CONTROLS > seen;
  }
}
