package dev.salvor.controller.desk;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A verb's way to the controller of a state directory.
public final class DeskClient implements Counter {
  /// An answer needs no network; one that takes longer will not come.
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /// Unless the platform must be asked, and takes its time.
  private static final Duration PLATFORM_PATIENCE = Duration.ofSeconds(90);

  private final StateDir dir;
  private final UnixDomainSocketAddress address;
  private final long pid;

  private DeskClient(StateDir dir, UnixDomainSocketAddress address, long pid) {
    this.dir = dir;
    this.address = address;
    this.pid = pid;
  }

  /// The controller that serves this state directory now, if one does.
  public static Optional<DeskClient> find(StateDir dir) throws DeskException {
    Optional<Advert> advert = Advert.of(dir);
    if (advert.isEmpty()) {
      return Optional.empty();
    }
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(advert.get().socket());
    try (SocketChannel _ = SocketChannel.open(address)) {
      return Optional.of(new DeskClient(dir, address, advert.get().pid()));
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  public long pid() {
    return pid;
  }

  @Override
  public Answer ask(Request request) throws DeskException {
    try (SocketChannel channel = SocketChannel.open(address);
        Deadline _ = new Deadline(channel, patience(request))) {
      Frames.write(channel, Json.bytes(request));
      Optional<byte[]> frame = Frames.read(channel);
      return Answer.of(frame.orElseThrow(() -> lost("it closed the connection")))
          .orElseThrow(() -> lost("it said nothing"));
    } catch (IOException e) {
      throw lost(String.valueOf(e));
    }
  }

  private static Duration patience(Request request) {
    boolean asksThePlatform =
        request instanceof Request.Door
            || request instanceof Request.Destroy
            || request instanceof Request.Adopt;
    return asksThePlatform ? PLATFORM_PATIENCE : PATIENCE;
  }

  @Override
  public void follow(Request request, Listener listener) throws DeskException {
    try (SocketChannel channel = SocketChannel.open(address)) {
      Frames.write(channel, Json.bytes(request));
      while (true) {
        Optional<byte[]> frame = Frames.read(channel);
        Optional<Answer> answer =
            Answer.of(frame.orElseThrow(() -> lost("it closed the connection")));
        if (answer.isEmpty() || !listener.hear(answer.get())) {
          return;
        }
      }
    } catch (IOException e) {
      throw lost(String.valueOf(e));
    }
  }

  private DeskException lost(String why) {
    return new DeskException(
        DeskException.Kind.LOST,
        "The controller (pid %d) did not answer: %s. Its log is %s; the same command again starts one that carries on."
            .formatted(pid, why, dir.log()));
  }

  /// Closes a channel that has waited for too long: what was blocked on it then fails.
  private static final class Deadline implements AutoCloseable {
    private final CountDownLatch done = new CountDownLatch(1);

    Deadline(SocketChannel channel, Duration most) {
      Thread.ofVirtual().name("desk-deadline").start(() -> watch(channel, most));
    }

    private void watch(SocketChannel channel, Duration most) {
      try {
        if (!done.await(most.toMillis(), TimeUnit.MILLISECONDS)) {
          channel.close();
        }
      } catch (InterruptedException | IOException _) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void close() {
      done.countDown();
    }
  }
}
