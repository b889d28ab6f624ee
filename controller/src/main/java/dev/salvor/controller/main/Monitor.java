package dev.salvor.controller.main;

import dev.salvor.common.unit.Secret;
import dev.salvor.controller.cli.Wiring;
import dev.salvor.controller.monitor.MonitorServer;
import dev.salvor.controller.monitor.Watchers;
import dev.salvor.controller.monitor.Webhook;
import dev.salvor.controller.view.RunView;
import dev.salvor.controller.view.RunViews;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Who watches a controller: health and metrics on loopback, and a webhook, as far as they were
/// asked for.
final class Monitor implements AutoCloseable {
  /// The platform signs its webhooks with it.
  private static final String VAST_SECRET = "SALVOR_VAST_WEBHOOK_SECRET";

  /// We sign ours with it.
  private static final String OUR_SECRET = "SALVOR_WEBHOOK_SECRET";

  private final Optional<MonitorServer> server;
  private final Optional<Webhook> webhook;

  private Monitor(Optional<MonitorServer> server, Optional<Webhook> webhook) {
    this.server = server;
    this.webhook = webhook;
  }

  static Monitor start(Wiring.Monitoring asked, Station station, Map<String, String> env)
      throws IOException {
    Watchers watchers = new Stationed(station);
    Optional<URI> to = asked.webhook().isEmpty() ? Optional.empty() : Optional.of(uri(asked));
    Optional<MonitorServer> server =
        asked.listen().isEmpty()
            ? Optional.empty()
            : Optional.of(
                MonitorServer.start(address(asked.listen()), watchers, secret(env, VAST_SECRET)));
    return new Monitor(
        server, to.map(uri -> Webhook.start(uri, secret(env, OUR_SECRET), watchers)));
  }

  private static Optional<Secret> secret(Map<String, String> env, String name) {
    return Optional.ofNullable(env.get(name)).filter(text -> !text.isBlank()).map(Secret::new);
  }

  private static URI uri(Wiring.Monitoring asked) throws IOException {
    try {
      URI uri = URI.create(asked.webhook());
      if (uri.getHost() != null && List.of("http", "https").contains(uri.getScheme())) {
        return uri;
      }
    } catch (IllegalArgumentException _) {
      // Told below.
    }
    throw new IOException(
        "Cannot post to %s: --webhook takes an address that begins with http:// or https://."
            .formatted(asked.webhook()));
  }

  private static InetSocketAddress address(String listen) throws IOException {
    int colon = listen.lastIndexOf(':');
    try {
      return new InetSocketAddress(
          listen.substring(0, Math.max(0, colon)), Integer.parseInt(listen.substring(colon + 1)));
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "Cannot listen on %s: --monitor takes HOST:PORT, such as 127.0.0.1:9464."
              .formatted(listen),
          e);
    }
  }

  /// What a running controller shows.
  private record Stationed(Station station) implements Watchers {
    @Override
    public List<RunView> runs() {
      LoopBridge bridge = station.bridge();
      return bridge.runs().stream()
          .flatMap(run -> bridge.snapshot(run).stream())
          .map(snapshot -> RunViews.of(snapshot, bridge.now()))
          .toList();
    }

    @Override
    public void look() {
      station.look();
    }
  }

  @Override
  public void close() {
    server.ifPresent(MonitorServer::close);
    webhook.ifPresent(Webhook::close);
  }
}
