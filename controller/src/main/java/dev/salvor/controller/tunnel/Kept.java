package dev.salvor.controller.tunnel;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// The beginning of what somebody prints, or its end, within a bound; the rest is dropped.
final class Kept extends OutputStream {
  private final int most;
  private final boolean end;
  private ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  private Kept(int most, boolean end) {
    this.most = most;
    this.end = end;
  }

  static Kept beginning(int most) {
    return new Kept(most, false);
  }

  static Kept end(int most) {
    return new Kept(most, true);
  }

  @Override
  public synchronized void write(int one) {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] buffer, int from, int n) {
    if (!end) {
      bytes.write(buffer, from, Math.min(n, most - bytes.size()));
      return;
    }
    bytes.write(buffer, from, n);
    if (bytes.size() > 2 * most) {
      byte[] all = bytes.toByteArray();
      bytes = new ByteArrayOutputStream();
      bytes.write(all, all.length - most, most);
    }
  }

  synchronized String text() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /// On one line.
  synchronized String line() {
    String all = text();
    String last = all.substring(Math.max(0, all.length() - most));
    return last.strip().replaceAll("\\s*[\\r\\n]+\\s*", "; ");
  }
}
