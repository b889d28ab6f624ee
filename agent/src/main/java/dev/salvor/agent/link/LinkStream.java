package dev.salvor.agent.link;

import dev.salvor.agent.core.Action;
import dev.salvor.agent.core.AgentEvent;
import dev.salvor.proto.v1.AgentFrame;
import dev.salvor.proto.v1.ControllerFrame;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One stream: writes what there is while the transport has room, beats first, then reports in
/// order. Of beats and readings only the newest waits.
final class LinkStream implements ClientResponseObserver<AgentFrame, ControllerFrame> {
  private static final Logger LOG = LoggerFactory.getLogger(LinkStream.class);

  /// Each holds a screenful or some.
  private static final int MAX_LOG_FRAMES = 8;

  private final ReportSource reports;
  private final Clock clock;
  private final Consumer<AgentEvent.FromLink> inbox;
  private final Runnable doubt;

  private @Nullable ClientCallStreamObserver<AgentFrame> call;
  private @Nullable AgentFrame hello;
  private @Nullable AgentFrame beat;
  private @Nullable AgentFrame readings;
  private int superseded;
  private final Deque<AgentFrame> log = new ArrayDeque<>();
  private boolean sending;
  private long sent;
  private boolean over;

  /// @param doubt to be run when the controller would not have the certificate
  LinkStream(
      Action.Hello hello,
      ReportSource reports,
      Clock clock,
      Consumer<AgentEvent.FromLink> inbox,
      Runnable doubt) {
    this.hello = Frames.hello(hello, clock.millis());
    this.reports = reports;
    this.clock = clock;
    this.inbox = inbox;
    this.doubt = doubt;
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<AgentFrame> requests) {
    synchronized (this) {
      call = requests;
    }
    requests.setOnReadyHandler(this::drain);
  }

  @Override
  public void onNext(ControllerFrame frame) {
    try {
      inbox.accept(Frames.read(frame));
    } catch (IllegalArgumentException e) {
      cancel("The controller sent what this agent cannot read: " + e.getMessage());
    }
  }

  @Override
  public void onError(Throwable t) {
    Metadata trailers = Status.trailersFromThrowable(t);
    String reason = trailers == null ? null : trailers.get(GrpcIssuer.REASON);
    String why = Words.of(Status.fromThrowable(t));
    end();
    if ("no_certificate".equals(reason) || Words.handshakeRefused(t)) {
      doubt.run();
    }
    inbox.accept(
        "revoked".equals(reason) ? new AgentEvent.LinkRefused(why) : new AgentEvent.LinkLost(why));
  }

  @Override
  public void onCompleted() {
    end();
    inbox.accept(new AgentEvent.LinkLost("the controller closed the stream"));
  }

  /// Takes what is to be sent; written when there is room.
  void act(Action.ForLink action) {
    synchronized (this) {
      switch (action) {
        case Action.Beat newest -> beat = Frames.beat(newest, clock.millis());
        case Action.SendReadings newest -> {
          superseded += readings == null ? 0 : 1;
          readings = Frames.readings(newest.readings(), clock.millis());
        }
        case Action.SendLog lines -> {
          // Whoever looks at a log on a slow line misses lines, and sees so by their numbers.
          if (log.size() < MAX_LOG_FRAMES) {
            log.addLast(Frames.log(lines, clock.millis()));
          }
        }
        case Action.SendAfter after -> {
          sending = true;
          sent = after.seq();
        }
        case Action.Goodbye goodbye -> goodbye(goodbye.why());
        case Action.Wake _ -> {
          // The drain below looks into the spool.
        }
        case Action.Dial _, Action.HangUp _ ->
            throw new IllegalArgumentException("Not for a stream: " + action);
      }
    }
    drain();
  }

  void cancel(String why) {
    ClientCallStreamObserver<AgentFrame> open;
    synchronized (this) {
      open = call;
    }
    if (open != null) {
      open.cancel(why, null);
    }
  }

  private synchronized void drain() {
    ClientCallStreamObserver<AgentFrame> open = call;
    try {
      while (open != null && !over && open.isReady()) {
        Optional<AgentFrame> next = next();
        if (next.isEmpty()) {
          return;
        }
        open.onNext(next.get());
      }
    } catch (IOException e) {
      cancel("The spool cannot be read: " + e);
    }
  }

  private Optional<AgentFrame> next() throws IOException {
    AgentFrame frame = hello;
    if (frame != null) {
      hello = null;
      return Optional.of(frame);
    }
    frame = beat;
    if (frame != null) {
      beat = null;
      return Optional.of(frame);
    }
    Optional<AgentFrame> report = nextReport();
    if (report.isPresent()) {
      return report;
    }
    frame = readings;
    readings = null;
    return Optional.ofNullable(frame == null ? log.pollFirst() : frame);
  }

  private Optional<AgentFrame> nextReport() throws IOException {
    if (!sending) {
      return Optional.empty();
    }
    Optional<byte[]> next = reports.after(sent);
    if (next.isEmpty()) {
      return Optional.empty();
    }
    AgentFrame report = FrameCodec.parse(next.get());
    sent = report.getSeq();
    return Optional.of(report);
  }

  /// Whatever is queued, the goodbye goes out and nothing after it.
  private void goodbye(String why) {
    ClientCallStreamObserver<AgentFrame> open = call;
    if (open != null && !over) {
      open.onNext(Frames.goodbye(why, clock.millis()));
      open.onCompleted();
    }
    over = true;
  }

  private synchronized void end() {
    over = true;
    if (superseded > 0) {
      LOG.atInfo()
          .addKeyValue("rounds", superseded)
          .log("readings were not sent: the line was too slow, newer ones took their place");
      superseded = 0;
    }
  }
}
