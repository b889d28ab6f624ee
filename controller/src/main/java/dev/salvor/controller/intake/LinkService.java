package dev.salvor.controller.intake;

import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.unit.RunId;
import dev.salvor.controller.core.AgentOrder;
import dev.salvor.controller.core.Outcome;
import dev.salvor.controller.core.PrunePermit;
import dev.salvor.proto.v1.AgentFrame;
import dev.salvor.proto.v1.ControllerFrame;
import dev.salvor.proto.v1.LinkGrpc;
import dev.salvor.proto.v1.LogWanted;
import dev.salvor.proto.v1.Order;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The boxes' streams: one a box, the newest wins. Frames go to the harbour, orders to the boxes.
final class LinkService extends LinkGrpc.LinkImplBase implements Berths {
  private static final Logger LOG = LoggerFactory.getLogger(LinkService.class);

  /// Under the agent's limit of 1 MiB a message, with room for the frame around it.
  static final int MAX_ORDER_BYTES = (1 << 20) - 1024;

  private final Harbour harbour;
  private final InstantSource clock;
  private final LongAdder dropped = new LongAdder();
  private final Map<Caller, LinkStream> streams = new ConcurrentHashMap<>();

  /// One a rental, so bounded by what was ever rented; outlives streams, not the process.
  private final Map<Caller, Ledger> ledgers = new ConcurrentHashMap<>();

  LinkService(Harbour harbour, InstantSource clock) {
    this.harbour = harbour;
    this.clock = clock;
  }

  @Override
  public StreamObserver<AgentFrame> open(StreamObserver<ControllerFrame> responses) {
    var out = (ServerCallStreamObserver<ControllerFrame>) responses;
    return new LinkCall(this, CallerGate.caller(), out, CallerGate.certifiedUntil());
  }

  Harbour harbour() {
    return harbour;
  }

  InstantSource clock() {
    return clock;
  }

  /// The ledger of that boot, new where the box comes with another one.
  Ledger ledger(Caller caller, int boot, String bootId) {
    return ledgers.compute(
        caller,
        (_, kept) ->
            kept != null && kept.isOf(boot, bootId)
                ? kept
                : new Ledger(boot, bootId, harbour.acknowledged(caller, boot)));
  }

  /// Puts a stream in the place of the one before, which ends.
  void berth(Caller caller, LinkStream stream) {
    LinkStream before = streams.put(caller, stream);
    if (before != null) {
      LOG.atInfo().addKeyValue("box", caller).log("a newer stream replaces the old one");
      before.end(Status.ABORTED.withDescription("A newer stream of this box took its place"));
    }
  }

  /// Takes a stream away that ended.
  ///
  /// @return whether it was the box's present stream
  boolean unberth(Caller caller, LinkStream stream) {
    return streams.remove(caller, stream);
  }

  /// An event is done: tells the box on whatever stream it has by now.
  void settle(Caller caller, Ledger ledger, long seq) {
    long upTo = ledger.done(seq);
    LinkStream stream = streams.get(caller);
    if (stream != null && ledgers.get(caller) == ledger) {
      stream.acknowledge(upTo);
      stream.resume();
    }
  }

  /// Counts a frame that did not hold, and says so without letting a box fill the log.
  void drop(Caller caller, long inThisCall, AgentFrame frame, String why) {
    dropped.increment();
    if (Long.bitCount(inThisCall) == 1) {
      LOG.atWarn()
          .addKeyValue("box", caller)
          .addKeyValue("frame", frame.getBodyCase())
          .addKeyValue("seq", frame.getSeq())
          .addKeyValue("droppedOnThisStream", inThisCall)
          .log("dropped a frame that does not hold: {}", BoxText.line(why));
    }
  }

  /// Frames dropped since the start.
  long dropped() {
    return dropped.sum();
  }

  @Override
  public Outcome tell(Berth berth, long effect, AgentOrder order, Papers papers) {
    return send(berth, OrderWriter.order(effect, order, papers));
  }

  @Override
  public Outcome prune(RunId run, long effect, PrunePermit permit) {
    Berth berth = new Berth(new Caller(run, permit.terms().rental()), permit.terms().boot());
    return send(berth, OrderWriter.prune(effect, permit.terms()));
  }

  private Outcome send(Berth berth, Order order) {
    LinkStream stream = streams.get(berth.caller());
    if (stream != null && stream.boot() != berth.boot()) {
      String why =
          "Box %s is at boot %d, not %d".formatted(berth.caller(), stream.boot(), berth.boot());
      return new Outcome.Failed(why, true);
    }
    return send(berth.caller(), order);
  }

  @Override
  public Outcome carryOut(Caller caller, long effect, Unit unit) {
    return send(caller, OrderWriter.carryOut(effect, unit));
  }

  @Override
  public boolean wantLog(Caller caller, int tail, Duration during) {
    LinkStream stream = streams.get(caller);
    return stream != null
        && stream.want(
            LogWanted.newBuilder()
                .setTail(tail)
                .setForMs(Math.toIntExact(during.toMillis()))
                .build());
  }

  @Override
  public boolean connected(Caller caller) {
    return streams.containsKey(caller);
  }

  @Override
  public void cut(Caller caller, String why) {
    LinkStream stream = streams.get(caller);
    if (stream != null) {
      end(caller, stream, Status.PERMISSION_DENIED.withDescription(why));
    }
  }

  /// Ends a stream from this side, of which gRPC then says no more.
  void end(Caller caller, LinkStream stream, Status status) {
    stream.end(status);
    if (unberth(caller, stream)) {
      harbour.hungUp(caller);
    }
  }

  private Outcome send(Caller caller, Order order) {
    int bytes = order.getSerializedSize();
    if (bytes > MAX_ORDER_BYTES) {
      // It would end the stream, and every one after it.
      return new Outcome.Failed(
          "The order has %d bytes and a box takes %d: make the job's environment smaller"
              .formatted(bytes, MAX_ORDER_BYTES),
          false);
    }
    LinkStream stream = streams.get(caller);
    if (stream == null) {
      return new Outcome.Failed("Box %s is not connected".formatted(caller), true);
    }
    return stream.order(order)
        ? new Outcome.Done()
        : new Outcome.Failed("Box %s does not read what it is sent".formatted(caller), true);
  }
}
