package dev.salvor.controller.intake;

import dev.salvor.controller.core.Fact;
import dev.salvor.controller.core.Permits;
import dev.salvor.proto.v1.AgentFrame;
import dev.salvor.proto.v1.BeatAck;
import dev.salvor.proto.v1.ControllerFrame;
import dev.salvor.proto.v1.Hello;
import dev.salvor.proto.v1.UnitRefused;
import dev.salvor.proto.v1.Welcome;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What one box says on one stream, from its hello to its end. gRPC calls it on one thread at a
/// time.
final class LinkCall implements StreamObserver<AgentFrame> {
  /// More events than this wait for the journal: the box is read no further until it catches up.
  private static final int MAX_WAITING = 256;

  private static final int MAX_BOOT_ID_CHARS = 100;

  private static final String DIAL_AGAIN =
      "The certificate of this connection ends: dial again with the renewed one";

  /// Certificates are back-dated by five minutes and last an hour: from here on a clock does harm.
  private static final Duration SKEW = Duration.ofMinutes(2);

  private final LinkService service;
  private final Caller caller;
  private final ServerCallStreamObserver<ControllerFrame> out;
  private final Instant end;
  private @Nullable Open open;
  private long dropped;

  /// @param certifiedUntil when the certificate ends by which the box was let in
  LinkCall(
      LinkService service,
      Caller caller,
      ServerCallStreamObserver<ControllerFrame> out,
      Instant certifiedUntil) {
    this.service = service;
    this.caller = caller;
    this.out = out;
    this.end = Tenure.end(caller, service.clock().instant(), certifiedUntil);
    out.disableAutoRequest();
    out.setOnReadyHandler(this::flush);
    // Where it is set, writing to a call that was cancelled is silently nothing, not a throw.
    out.setOnCancelHandler(() -> {});
    out.request(1);
  }

  @Override
  public void onNext(AgentFrame frame) {
    Open now = open;
    if (now == null) {
      hello(frame);
      return;
    }
    if (!service.clock().instant().isBefore(end)) {
      service.end(caller, now.stream(), Status.UNAVAILABLE.withDescription(DIAL_AGAIN));
      return;
    }
    service.harbour().heard(caller);
    try {
      take(now, frame);
    } catch (IllegalArgumentException e) {
      drop(now, frame, BoxText.line(String.valueOf(e.getMessage())));
    }
    now.stream().next(now.ledger().waiting() < MAX_WAITING);
  }

  /// The box may forget the frame, and we tell a person if cargo was in it.
  private void drop(Open now, AgentFrame frame, String why) {
    service.drop(caller, ++dropped, frame, why);
    boolean unheard = frame.getSeq() > 0 && now.ledger().take(frame.getSeq());
    if (frame.hasUnitSeen()) {
      spoil(now, why);
    }
    if (unheard) {
      service.settle(caller, now.ledger(), frame.getSeq());
    }
  }

  /// The box itself cannot tell a unit whole: the same as if it had sent what we cannot take in.
  private void refused(Open now, AgentFrame frame) {
    if (frame.getSeq() == 0) {
      throw new IllegalArgumentException("An event without a sequence number");
    }
    if (frame.getSeq() > now.ledger().done()) {
      UnitRefused refused = frame.getUnitRefused();
      spoil(now, BoxText.line(refused.getRoot() + ": " + refused.getWhy()));
    }
  }

  private void spoil(Open now, String why) {
    now.ledger().spoil();
    service.harbour().fact(caller, unitDropped(why), () -> {});
  }

  private Fact unitDropped(String why) {
    return new Fact.Announced(
        service.clock().instant(),
        Permits.DROPPED + caller.rental(),
        "Box %s reported a unit that cannot be taken in: %s".formatted(caller, why),
        "It is not copied out, and the box is not given up by receipts alone. Fetch it by hand"
            + " before you let the box go.");
  }

  private void hello(AgentFrame frame) {
    try {
      if (!frame.hasHello()) {
        throw new IllegalArgumentException("The first frame is a hello");
      }
      open = open(frame.getHello());
      skew(frame.getAtMs());
    } catch (IllegalArgumentException e) {
      service.drop(caller, ++dropped, frame, String.valueOf(e.getMessage()));
      out.onError(Status.INVALID_ARGUMENT.withDescription(e.getMessage()).asRuntimeException());
    }
  }

  /// A wrong clock is said before it keeps the box away.
  private void skew(long boxMs) {
    Instant now = service.clock().instant();
    Duration ahead = Duration.ofMillis(boxMs).minusMillis(now.toEpochMilli());
    if (boxMs <= 0 || ahead.abs().compareTo(SKEW) < 0) {
      return;
    }
    String what =
        "The clock of the box of rental %s is %d minutes %s this machine's"
            .formatted(
                caller.rental(),
                ahead.abs().toMinutes(),
                ahead.isNegative() ? "behind" : "ahead of");
    String next =
        "Set the wrong one right: a box that is an hour off cannot hold a certificate. Times that"
            + " the box tells are off by as much.";
    Fact fact = new Fact.Announced(now, "clock-" + caller.rental(), what, next);
    service.harbour().fact(caller, fact, () -> {});
  }

  private Open open(Hello hello) {
    Instant now = service.clock().instant();
    Fact joined = FrameReader.joined(caller, hello, now);
    String bootId = BoxText.line(hello.getBootId(), MAX_BOOT_ID_CHARS);
    Ledger ledger = service.ledger(caller, hello.getBoot(), bootId);
    LinkStream stream = new LinkStream(out, hello.getBoot(), ledger.done());
    Lease lease = service.harbour().lease(caller);
    stream.write(
        ControllerFrame.newBuilder()
            .setWelcome(
                Welcome.newBuilder()
                    .setBeatTtlMs(Math.toIntExact(lease.beatTtl().toMillis()))
                    .setAckedSeq(ledger.done()))
            .build());
    service.berth(caller, stream);
    service.harbour().heard(caller);
    service.harbour().fact(caller, joined, () -> {});
    stream.next(true);
    return new Open(stream, ledger);
  }

  private void take(Open now, AgentFrame frame) {
    FrameReader.requireFits(frame);
    if (frame.getSeq() < 0) {
      throw new IllegalArgumentException("Not a sequence number");
    }
    Instant at = service.clock().instant();
    Optional<Fact> fact = FrameReader.fact(caller, frame, at);
    if (fact.isPresent()) {
      event(now, frame.getSeq(), fact.get());
      return;
    }
    switch (frame.getBodyCase()) {
      case BEAT -> beat(now, frame, at);
      case READINGS -> service.harbour().readings(caller, FrameReader.readings(frame, at));
      case LOG_LINES -> service.harbour().log(caller, FrameReader.log(frame.getLogLines()), at);
      case GOODBYE ->
          service.harbour().goodbye(caller, BoxText.line(frame.getGoodbye().getReason()));
      case UNIT_REFUSED -> refused(now, frame);
      default -> throw new IllegalArgumentException("A second hello on one stream");
    }
    if (frame.getSeq() > 0 && now.ledger().take(frame.getSeq())) {
      service.settle(caller, now.ledger(), frame.getSeq());
    }
  }

  private void event(Open now, long seq, Fact fact) {
    Ledger ledger = now.ledger();
    if (seq == 0) {
      throw new IllegalArgumentException("An event without a sequence number");
    }
    if (fact instanceof Fact.Quiesced && ledger.isSpoilt()) {
      throw new IllegalArgumentException("Everything was reported, but not all could be taken in");
    }
    if (ledger.take(seq)) {
      service.harbour().fact(caller, fact, () -> service.settle(caller, ledger, seq));
    } else if (seq <= ledger.done()) {
      // Its acknowledgement was lost with the stream before.
      now.stream().acknowledgeAgain(ledger.done());
    }
  }

  private void beat(Open now, AgentFrame frame, Instant at) {
    if (frame.getBeat().hasProgress()) {
      service.harbour().progress(caller, FrameReader.progress(frame.getBeat().getProgress()));
    }
    Lease lease = service.harbour().lease(caller);
    now.stream()
        .answerBeat(
            BeatAck.newBuilder()
                .setBeatTtlMs(Math.toIntExact(lease.beatTtl().toMillis()))
                .setLeaseUntilMs(lease.until().toEpochMilli())
                .setControllerTimeMs(at.toEpochMilli())
                .setUnattendedMs(lease.unattended().toMillis())
                .setNeverAlone(!lease.startsAlone())
                .build());
  }

  @Override
  public void onError(Throwable cause) {
    gone(LinkStream::lost);
  }

  @Override
  public void onCompleted() {
    gone(LinkStream::end);
  }

  private void gone(Consumer<LinkStream> how) {
    Open now = open;
    if (now == null) {
      return;
    }
    how.accept(now.stream());
    if (service.unberth(caller, now.stream())) {
      service.harbour().hungUp(caller);
    }
  }

  private void flush() {
    Open now = open;
    if (now != null) {
      now.stream().flush();
    }
  }

  /// What there is once the box said hello.
  private record Open(LinkStream stream, Ledger ledger) {}
}
