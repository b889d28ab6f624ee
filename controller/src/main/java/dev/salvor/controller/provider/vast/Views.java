package dev.salvor.controller.provider.vast;

import com.fasterxml.jackson.databind.JsonNode;
import dev.salvor.controller.provider.InstanceView;
import dev.salvor.controller.provider.InstanceView.Disk;
import dev.salvor.controller.provider.InstanceView.Image;
import dev.salvor.controller.provider.InstanceView.Place;
import dev.salvor.controller.provider.InstanceView.Span;
import dev.salvor.controller.provider.Row;
import dev.salvor.controller.provider.SshAddress;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/// Turns all that the platform says of a rental into what people look at.
final class Views {
  private static final double LAST_YEAR_3000 = 32_503_680_000.0;

  private Views() {}

  static InstanceView of(Row row, JsonNode json) {
    double used = Fields.number(json, "disk_usage").orElse(-1);
    return new InstanceView(
        row,
        new Image(Fields.text(json, "image_uuid"), Fields.text(json, "image_runtype")),
        new Span(instant(json, "start_date"), instant(json, "end_date")),
        new Disk(
            Fields.dollars(json, "disk_space").orElse(0),
            used < 0 ? OptionalDouble.empty() : OptionalDouble.of(used)),
        ports(json),
        ssh(json),
        new Place(
            Fields.text(json, "geolocation"),
            Fields.text(json, "verification"),
            Fields.number(OfferColumns.read(json, "reliability")).orElse(0)),
        json.toString());
  }

  /// As the platform's own client works it out: straight to the box where its port 22 is mapped,
  /// else by the proxy, one port further where a notebook has the first.
  static Optional<SshAddress> ssh(JsonNode json) {
    Integer direct = ports(json).get("22/tcp");
    if (direct != null) {
      return address(Fields.text(json, "public_ipaddr"), direct, true);
    }
    long port = Fields.positive(json, "ssh_port").orElse(0L);
    boolean jupyter = Fields.text(json, "image_runtype").contains("jupyter");
    return port == 0
        ? Optional.empty()
        : address(Fields.text(json, "ssh_host"), port + (jupyter ? 1 : 0), false);
  }

  private static Optional<SshAddress> address(String host, long port, boolean direct) {
    return Fields.isHost(host) && port >= 1 && port <= 65_535
        ? Optional.of(new SshAddress(host, (int) port, direct))
        : Optional.empty();
  }

  /// The first of each port's entries, which is the one of IPv4; null where the box does not run.
  private static Map<String, Integer> ports(JsonNode json) {
    Map<String, Integer> ports = new TreeMap<>();
    for (var entry : json.path("ports").properties()) {
      Fields.positive(entry.getValue().path(0), "HostPort")
          .ifPresent(port -> ports.put(entry.getKey(), port.intValue()));
    }
    return ports;
  }

  static Optional<Instant> instant(JsonNode json, String name) {
    double seconds = Fields.number(json, name).orElse(0);
    return seconds > 0 && seconds < LAST_YEAR_3000
        ? Optional.of(Instant.ofEpochMilli(Math.round(seconds * 1000)))
        : Optional.empty();
  }
}
