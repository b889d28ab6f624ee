package dev.salvor.agent.link;

import dev.salvor.agent.core.Action;
import dev.salvor.agent.core.AgentEvent;
import dev.salvor.common.tls.CredentialSource;
import dev.salvor.common.tls.Credentials;
import dev.salvor.common.tls.IssueException;
import dev.salvor.proto.v1.LinkGrpc;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The agent's line to its controller: one dial at a time, one stream at a time.
public final class GrpcLink {
  private static final Logger LOG = LoggerFactory.getLogger(GrpcLink.class);

  /// A goodbye that takes longer than this is not worth waiting for.
  private static final int GOODBYE_MS = 1_000;

  private final Channels channels;
  private final EndpointSource endpoints;
  private final CredentialSource identity;
  private final EnrolmentFacts facts;
  private final ReportSource reports;
  private final Clock clock;
  private final Executor worker;
  private final AtomicReference<@Nullable Session> current = new AtomicReference<>();

  /// @param worker runs dials, which block
  public GrpcLink(Wiring wiring, CredentialSource identity, ReportSource reports, Executor worker) {
    this.channels = wiring.channels();
    this.endpoints = wiring.endpoints();
    this.facts = wiring.facts();
    this.clock = wiring.clock();
    this.identity = identity;
    this.reports = reports;
    this.worker = worker;
  }

  /// What a link needs to know of the world.
  public record Wiring(
      Channels channels, EndpointSource endpoints, EnrolmentFacts facts, Clock clock) {}

  /// Replaces any dial or stream before it; what comes of it goes into the inbox.
  public void dial(Action.Dial dial, Consumer<AgentEvent.FromLink> inbox) {
    Session session = new Session(inbox);
    close(current.getAndSet(session));
    worker.execute(() -> dial(session, dial));
  }

  /// Anything but a dial; without a stream nothing happens.
  public void act(Action.ForLink action) {
    Session session = current.get();
    if (session == null) {
      return;
    }
    switch (action) {
      case Action.HangUp _ -> close(current.getAndSet(null));
      case Action.Goodbye goodbye -> {
        session.act(goodbye);
        session.awaitEnd(GOODBYE_MS);
      }
      case Action.Beat _,
          Action.SendReadings _,
          Action.SendLog _,
          Action.SendAfter _,
          Action.Wake _ ->
          session.act(action);
      case Action.Dial _ -> throw new IllegalArgumentException("A dial has an inbox");
    }
  }

  /// Renews the certificate if it is time, while a controller answers: the carry processes use it
  /// too. Blocks.
  public void refreshIdentity() {
    Session session = current.get();
    Endpoint endpoint = session == null ? null : session.endpoint;
    if (endpoint == null) {
      return;
    }
    try {
      identity.credentials(new GrpcIssuer(channels, endpoint, facts, clock));
    } catch (IssueException e) {
      LOG.atWarn().addKeyValue("why", e.why()).log("certificate not refreshed");
    }
  }

  private void dial(Session session, Action.Dial dial) {
    try {
      Endpoint endpoint = pick(dial.attempt());
      Credentials credentials =
          identity.credentials(new GrpcIssuer(channels, endpoint, facts, clock));
      session.open(endpoint, channels.open(endpoint, Optional.of(credentials)), dial.hello());
    } catch (IssueException e) {
      session.inbox.accept(
          switch (e.kind()) {
            case TOKEN_USED, REVOKED -> new AgentEvent.LinkRefused(e.why());
            case UNREACHABLE, NOT_YET, REFUSED -> new AgentEvent.LinkLost(e.why());
          });
    } catch (IOException | IllegalArgumentException e) {
      session.inbox.accept(new AgentEvent.LinkLost("Cannot dial: " + e.getMessage()));
    }
  }

  private Endpoint pick(int attempt) throws IOException {
    List<Endpoint> now = endpoints.endpoints();
    if (now.isEmpty()) {
      throw new IOException(
          "no endpoint is known yet: neither HOME/endpoints nor SALVOR_ENDPOINTS");
    }
    return now.get(Math.floorMod(attempt, now.size()));
  }

  private static void close(@Nullable Session session) {
    if (session != null) {
      session.close();
    }
  }

  /// One dial and the stream that came of it.
  private final class Session {
    private final Consumer<AgentEvent.FromLink> inbox;
    private volatile @Nullable Endpoint endpoint;
    private @Nullable ManagedChannel channel;
    private @Nullable LinkStream stream;
    private boolean closed;

    Session(Consumer<AgentEvent.FromLink> inbox) {
      this.inbox = inbox;
    }

    void open(Endpoint at, ManagedChannel opened, Action.Hello hello) {
      LinkStream fresh = new LinkStream(hello, reports, clock, inbox, identity::doubted);
      synchronized (this) {
        if (closed) {
          opened.shutdownNow();
          return;
        }
        endpoint = at;
        channel = opened;
        stream = fresh;
      }
      var _ = LinkGrpc.newStub(opened).open(fresh);
    }

    void act(Action.ForLink action) {
      LinkStream open;
      synchronized (this) {
        open = stream;
      }
      if (open != null) {
        open.act(action);
      }
    }

    void awaitEnd(int ms) {
      ManagedChannel open;
      synchronized (this) {
        open = channel;
      }
      if (open == null) {
        return;
      }
      try {
        boolean ended = open.shutdown().awaitTermination(ms, TimeUnit.MILLISECONDS);
        LOG.atDebug().addKeyValue("in_time", ended).log("goodbye said");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    void close() {
      ManagedChannel open;
      synchronized (this) {
        closed = true;
        open = channel;
      }
      if (open != null) {
        open.shutdownNow();
      }
    }
  }
}
