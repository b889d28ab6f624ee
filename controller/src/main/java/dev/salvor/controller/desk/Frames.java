package dev.salvor.controller.desk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Optional;

/// The desk's framing: four bytes of length, big-endian, then so many bytes of JSON.
final class Frames {
  /// Bounds what one message can make either side allocate.
  static final int MAX_BYTES = 4 << 20;

  private static final int HEADER_BYTES = Integer.BYTES;

  private Frames() {}

  /// The next frame, or empty where the other side ended between two frames.
  static Optional<byte[]> read(ReadableByteChannel channel) throws IOException, DeskException {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    fill(channel, header);
    if (header.position() == 0) {
      return Optional.empty();
    }
    if (header.hasRemaining()) {
      throw cutShort(header.position(), HEADER_BYTES);
    }
    int length = header.flip().getInt();
    if (length < 0 || length > MAX_BYTES) {
      throw new DeskException(
          DeskException.Kind.BAD_REQUEST,
          "Cannot read a message of %d bytes: at most %d are allowed. Is this a salvor client of the same version?"
              .formatted(Integer.toUnsignedLong(length), MAX_BYTES));
    }
    ByteBuffer body = ByteBuffer.allocate(length);
    fill(channel, body);
    if (body.hasRemaining()) {
      throw cutShort(body.position(), length);
    }
    return Optional.of(body.array());
  }

  static void write(WritableByteChannel channel, byte[] body) throws IOException {
    if (body.length > MAX_BYTES) {
      throw new IOException("A message of %d bytes is too long".formatted(body.length));
    }
    ByteBuffer frame = ByteBuffer.allocate(HEADER_BYTES + body.length);
    frame.putInt(body.length).put(body).flip();
    while (frame.hasRemaining()) {
      channel.write(frame);
    }
  }

  private static void fill(ReadableByteChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        return;
      }
    }
  }

  private static DeskException cutShort(int got, int wanted) {
    return new DeskException(
        DeskException.Kind.LOST,
        "The other side went away in the middle of a message, after %d of %d bytes."
            .formatted(got, wanted));
  }
}
