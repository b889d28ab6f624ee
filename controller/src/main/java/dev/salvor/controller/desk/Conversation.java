package dev.salvor.controller.desk;

import dev.salvor.controller.view.NoticeView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One caller at the desk: one request, its answers, goodbye. Whatever the caller sends, only its
/// own conversation ends.
final class Conversation {
  private static final Logger LOG = LoggerFactory.getLogger(Conversation.class);

  /// A caller has this long to say what it wants; afterwards streams may take as long as they do.
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  /// Of a message that is refused, this much is read to its end.
  private static final int MAX_REST_BYTES = 64 * 1024;

  private final SocketChannel channel;
  private final Clerk clerk;
  private final Runnable closing;
  private final long since = System.nanoTime();
  private volatile boolean asked;

  /// @param closing called when the caller asked the controller to end, and it may
  Conversation(SocketChannel channel, Clerk clerk, Runnable closing) {
    this.channel = channel;
    this.clerk = clerk;
    this.closing = closing;
  }

  void run() {
    try (channel) {
      Optional<byte[]> frame = hear();
      if (frame.isPresent()) {
        asked = true;
        converse(frame.get());
      }
    } catch (IOException _) {
      // The caller went away: nobody is left to tell.
    }
  }

  /// Ends a caller that has asked nothing for too long.
  void expire() {
    if (!asked && System.nanoTime() - since > PATIENCE_NANOS) {
      hangUp();
    }
  }

  void hangUp() {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.atWarn().setCause(e).log("Closing a caller's socket failed");
    }
  }

  private Optional<byte[]> hear() throws IOException {
    try {
      return Frames.read(channel);
    } catch (DeskException e) {
      refuse(e);
      drain();
      return Optional.empty();
    }
  }

  /// A socket that is closed with bytes unread takes the refusal back from the caller.
  private void drain() throws IOException {
    channel.shutdownOutput();
    ByteBuffer rest = ByteBuffer.allocate(MAX_REST_BYTES);
    while (rest.hasRemaining() && channel.read(rest) >= 0) {
      // What it says is of no interest.
    }
  }

  private void converse(byte[] frame) throws IOException {
    try {
      Request request = parse(frame);
      clerk.answer(request, new SocketSink());
      if (Clerk.attaches(request)) {
        send(Map.of("end", true));
      }
      if (request instanceof Request.Close) {
        closing.run();
      }
    } catch (DeskException e) {
      refuse(e);
    } catch (RuntimeException e) {
      LOG.atError().setCause(e).log("Answering a request failed");
      refuse(
          new DeskException(
              DeskException.Kind.INTERNAL,
              "The controller could not answer: %s. Its log says more.".formatted(e)));
    }
  }

  private static Request parse(byte[] frame) throws DeskException {
    try {
      return Json.read(frame, Request.class);
    } catch (IOException e) {
      throw new DeskException(
          DeskException.Kind.BAD_REQUEST,
          "Cannot understand the request: %s. Is this a salvor client of the same version?"
              .formatted(String.valueOf(e.getMessage()).lines().findFirst().orElse("")),
          e);
    }
  }

  private void refuse(DeskException e) {
    try {
      send(Map.of("error", new Refusal(e.kind(), String.valueOf(e.getMessage()))));
    } catch (ClosedChannelException _) {
      // Gone already.
    } catch (IOException io) {
      LOG.atDebug().setCause(io).log("The caller went away before it could be refused");
    }
  }

  private void send(Object frame) throws IOException {
    Frames.write(channel, Json.bytes(frame));
  }

  /// An error as JSON.
  private record Refusal(DeskException.Kind kind, String message) {}

  /// An answer as JSON.
  private record Envelope(Object ok, List<NoticeView> notices) {}

  /// Sends answers down this socket.
  private final class SocketSink implements Clerk.Sink {
    @Override
    public void send(Object reply) throws IOException {
      Conversation.this.send(new Envelope(reply, clerk.notices()));
    }

    @Override
    public void pause(long millis) throws IOException {
      try {
        Thread.sleep(millis);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("Interrupted", e);
      }
    }
  }
}
