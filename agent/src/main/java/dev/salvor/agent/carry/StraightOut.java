package dev.salvor.agent.carry;

import com.google.protobuf.ByteString;
import dev.salvor.agent.carry.CarryException.Kind;
import dev.salvor.common.checkpoint.FileEntry;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.unit.Sha256;
import dev.salvor.proto.v1.CargoDown;
import dev.salvor.proto.v1.CargoUp;
import dev.salvor.proto.v1.PartAsk;
import dev.salvor.proto.v1.PartPut;
import dev.salvor.proto.v1.Slot;
import io.grpc.StatusException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.List;
import java.util.concurrent.TimeoutException;

/// Puts the parts of a unit's files straight into a store, each by an address that the controller
/// signed for it: this box has no key. A part is read twice, for its digest and for the line.
final class StraightOut {
  private static final int CONNECT_MS = 15_000;

  /// The store says yes only when it has written a part; a large one takes it a while.
  private static final int ANSWER_MS = 300_000;

  private static final int TRIES = 5;
  private static final long FIRST_PAUSE_MS = 500;
  private static final int MAX_ANSWER = 4_096;
  private static final int BUFFER = 256 << 10;

  private final Unit unit;
  private final Path base;
  private final Line line;
  private boolean reached;

  StraightOut(Unit unit, Path base, Line line) {
    this.unit = unit;
    this.base = base;
    this.line = line;
  }

  /// The connection to the controller.
  interface Line {
    void send(CargoUp.Builder message)
        throws CarryException, StatusException, TimeoutException, InterruptedException;

    CargoDown answer()
        throws CarryException, StatusException, TimeoutException, InterruptedException;
  }

  /// Nothing of the store answers here at all: another way is to be taken.
  static final class OutOfReach extends Exception {
    private static final long serialVersionUID = 1;

    private OutOfReach(IOException cause) {
      super("The store cannot be reached from here: " + cause, cause);
    }
  }

  /// @param partSizes of each file
  void run(List<Long> partSizes)
      throws CarryException,
          IOException,
          StatusException,
          TimeoutException,
          InterruptedException,
          OutOfReach {
    List<FileEntry> files = unit.manifest().files();
    if (partSizes.size() != files.size() || partSizes.stream().anyMatch(size -> size < 1)) {
      throw new CarryException(Kind.REFUSED, "The controller named parts of no sense");
    }
    for (int file = 0; file < files.size(); file++) {
      long size = partSizes.get(file);
      int number = 1;
      for (long at = 0; at < files.get(file).size() || number == 1; at += size) {
        long length = Math.min(size, files.get(file).size() - at);
        part(file, number++, new Stretch(base.resolve(files.get(file).path()), at, length));
      }
    }
  }

  /// Some bytes of a file.
  private record Stretch(Path path, long from, long length) {
    /// Takes a piece.
    interface Taking {
      void take(byte[] buffer, int n) throws IOException;
    }

    void read(Taking taking) throws IOException {
      ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
      try (FileChannel in =
          FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
        long done = 0;
        while (done < length) {
          buffer.clear().limit((int) Math.min(BUFFER, length - done));
          int n = in.read(buffer, from + done);
          if (n < 0) {
            throw new IOException(path + " became shorter");
          }
          taking.take(buffer.array(), n);
          done += n;
        }
      }
    }

    Sha256 digest() throws IOException {
      MessageDigest digest = Sha256.newDigest();
      read((buffer, n) -> digest.update(buffer, 0, n));
      return Sha256.fromBytes(digest.digest());
    }
  }

  private void part(int file, int number, Stretch stretch)
      throws CarryException,
          IOException,
          StatusException,
          TimeoutException,
          InterruptedException,
          OutOfReach {
    ByteString digest = ByteString.copyFrom(stretch.digest().bytes());
    PartAsk.Builder ask = PartAsk.newBuilder().setFile(file).setNumber(number).setSha256(digest);
    for (int i = 0; i < TRIES; i++) {
      line.send(CargoUp.newBuilder().setAsk(ask));
      Slot slot = line.answer().getSlot();
      if (slot.getHeld()) {
        return;
      }
      switch (put(slot, stretch)) {
        case Answer.Taken(String etag) -> {
          PartPut.Builder put = PartPut.newBuilder().setFile(file).setNumber(number);
          line.send(CargoUp.newBuilder().setPut(put.setEtag(etag)));
          return;
        }
        case Answer.Refused(String why) -> throw new CarryException(Kind.REFUSED, why);
        case Answer.Failed(IOException why) -> {
          System.err.println("a part did not go through: " + why);
          if (!reached && i + 1 == TRIES) {
            throw new OutOfReach(why);
          }
        }
      }
      Thread.sleep(FIRST_PAUSE_MS << i);
    }
    throw new CarryException(Kind.UNREACHABLE, "The store takes nothing now");
  }

  /// How a store answered.
  private sealed interface Answer {
    record Taken(String etag) implements Answer {}

    record Refused(String why) implements Answer {}

    record Failed(IOException why) implements Answer {}
  }

  private Answer put(Slot slot, Stretch stretch) throws IOException {
    URI address = URI.create(slot.getUrl());
    if (!"https".equals(address.getScheme()) && !"http".equals(address.getScheme())) {
      return new Answer.Refused("The controller named no address of a store");
    }
    HttpURLConnection call = (HttpURLConnection) address.toURL().openConnection();
    try {
      call.setConnectTimeout(CONNECT_MS);
      call.setReadTimeout(ANSWER_MS);
      call.setInstanceFollowRedirects(false);
      call.setRequestMethod("PUT");
      call.setDoOutput(true);
      call.setFixedLengthStreamingMode(stretch.length());
      // The length is said by the connection itself.
      slot.getHeadersMap().forEach(call::setRequestProperty);
      try (OutputStream out = call.getOutputStream()) {
        stretch.read((buffer, n) -> out.write(buffer, 0, n));
      }
      return answer(call);
    } catch (IOException e) {
      return new Answer.Failed(e);
    } finally {
      call.disconnect();
    }
  }

  private Answer answer(HttpURLConnection call) throws IOException {
    int status = call.getResponseCode();
    reached = true;
    if (status / 100 == 2) {
      String etag = call.getHeaderField("ETag");
      return new Answer.Taken(etag == null ? "" : etag);
    }
    String words;
    try (InputStream in = call.getErrorStream()) {
      words = in == null ? "" : new String(in.readNBytes(MAX_ANSWER), StandardCharsets.UTF_8);
    }
    String why = "The store answered %d: %s".formatted(status, words.replaceAll("\\s+", " "));
    boolean passing = status >= 500 || status == 408 || status == 429;
    return passing ? new Answer.Failed(new IOException(why)) : new Answer.Refused(why);
  }
}
