package dev.salvor.controller.provider.vast;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/// The fields a search knows: their other names, their units, and where an offer holds them.
final class OfferColumns {
  /// What the platform's own client calls them (its query parser, and ask_contract_id).
  private static final Map<String, String> ALIASES =
      Map.of(
          "cuda_vers", "cuda_max_good",
          "display_active", "gpu_display_active",
          "dlperf_usd", "dlperf_per_dphtotal",
          "dph", "dph_total",
          "flops_usd", "flops_per_dphtotal",
          // A filter on "id" matches nothing at the platform.
          "id", "ask_contract_id");

  /// Typed in GB and days, sent in MB and seconds.
  private static final Map<String, Double> MULTIPLIERS =
      Map.of("cpu_ram", 1e3, "gpu_ram", 1e3, "gpu_total_ram", 1e3, "duration", 86_400.0);

  private static final Set<String> TEXTS =
      Set.of(
          "cpu_arch",
          "geolocation",
          "gpu_arch",
          "gpu_name",
          "mobo_name",
          "os_version",
          "ubuntu_version",
          "verification");

  private static final Set<String> NUMBERS_AND_FLAGS =
      Set.of(
          ("ask_contract_id bw_nvlink cluster_id compute_cap cpu_cores cpu_cores_effective cpu_ghz"
                  + " cpu_ram cuda_max_good datacenter direct_port_count disk_bw disk_space dlperf"
                  + " dlperf_per_dphtotal dph_total driver_version duration external"
                  + " flops_per_dphtotal gpu_display_active gpu_frac gpu_max_power gpu_max_temp"
                  + " gpu_mem_bw gpu_ram gpu_total_ram has_avx host_id inet_down inet_down_cost"
                  + " inet_up inet_up_cost machine_id min_bid num_gpus pci_gen pcie_bw reliability"
                  + " rentable rented static_ip storage_cost total_flops verified vms_enabled")
              .split(" "));

  /// `geolocation` may name a part of the world.
  static final String GEOREGION = "georegion";

  /// Large machines only.
  static final String CHUNKED = "chunked";

  /// What changes how a query is read, and is no field of an offer.
  static final Set<String> DIRECTIVES = Set.of(GEOREGION, CHUNKED);

  private OfferColumns() {}

  /// The field's name on the wire; empty if there is none such.
  static Optional<String> wireName(String typed) {
    String name = ALIASES.getOrDefault(typed, typed);
    return TEXTS.contains(name) || NUMBERS_AND_FLAGS.contains(name)
        ? Optional.of(name)
        : Optional.empty();
  }

  /// What offers can be ordered by: every field, and the platform's own score.
  static Optional<String> orderName(String typed) {
    return typed.equals("score") ? Optional.of(typed) : wireName(typed);
  }

  /// The unit in which a field is typed; empty for words, flags and counts.
  static String unit(String name) {
    return switch (ALIASES.getOrDefault(name, name)) {
      case GEOREGION -> "true: geolocation takes " + Regions.codes() + " too";
      case CHUNKED -> "true: 64 GB of memory and 32 cores at least";
      case "cpu_ram", "gpu_ram", "gpu_total_ram", "disk_space" -> "GB";
      case "duration" -> "days";
      case "inet_up", "inet_down" -> "Mb/s";
      case "inet_up_cost", "inet_down_cost" -> "$/GB";
      case "disk_bw" -> "MB/s";
      case "gpu_mem_bw", "pcie_bw", "bw_nvlink" -> "GB/s";
      case "dph_total", "min_bid" -> "$/h";
      case "storage_cost" -> "$/GB/month";
      case "cpu_ghz" -> "GHz";
      case "total_flops" -> "TFLOPS";
      case "gpu_max_power" -> "W";
      case "gpu_max_temp" -> "C";
      case "compute_cap" -> "capability x 100";
      case "reliability", "gpu_frac" -> "0 to 1";
      default -> TEXTS.contains(name) ? "text" : "";
    };
  }

  static Set<String> typedNames() {
    Set<String> names = new TreeSet<>(TEXTS);
    names.addAll(NUMBERS_AND_FLAGS);
    names.addAll(ALIASES.keySet());
    names.addAll(DIRECTIVES);
    return names;
  }

  static boolean isText(String name) {
    return TEXTS.contains(name);
  }

  static Optional<Double> multiplier(String name) {
    return Optional.ofNullable(MULTIPLIERS.get(name));
  }

  /// "535.86.05" as the platform counts it, 535086005; "535" is 535000000.
  static OptionalLong driverNumber(String version) {
    if (!version.matches("[0-9]{1,3}(\\.[0-9]{1,3}){0,2}")) {
      return OptionalLong.empty();
    }
    String[] parts = version.split("\\.", -1);
    long number = 0;
    for (int i = 0; i < 3; i++) {
      number = number * 1000 + (i < parts.length ? Long.parseLong(parts[i]) : 0);
    }
    return OptionalLong.of(number);
  }

  /// The two letters at the end of "Sweden, SE"; empty if there are none.
  static String country(String geolocation) {
    int comma = geolocation.lastIndexOf(',');
    return comma < 0 ? "" : geolocation.substring(comma + 1).strip();
  }

  /// What an offer says of a field; missing if nothing.
  static JsonNode read(JsonNode offer, String name) {
    return switch (name) {
      case "verified" -> verified(offer);
      case "datacenter" -> datacenter(offer);
      case "driver_version" -> driver(offer);
      case "gpu_total_ram" -> totalRam(offer);
      case "ask_contract_id" -> firstOf(offer, name, "id");
      case "reliability" -> firstOf(offer, name, "reliability2");
      case "ubuntu_version" -> firstOf(offer, name, "os_version");
      default -> offer.path(name);
    };
  }

  /// Offers carry a word, `verification`, where searches take a flag.
  private static JsonNode verified(JsonNode offer) {
    JsonNode word = offer.path("verification");
    return word.isTextual()
        ? BooleanNode.valueOf(word.textValue().strip().equals("verified"))
        : offer.path("verified");
  }

  private static JsonNode datacenter(JsonNode offer) {
    JsonNode type = offer.path("hosting_type");
    return type.isNumber() ? BooleanNode.valueOf(type.intValue() == 1) : offer.path("datacenter");
  }

  private static JsonNode driver(JsonNode offer) {
    if (offer.path("driver_vers").isNumber()) {
      return offer.path("driver_vers");
    }
    OptionalLong number = driverNumber(Fields.text(offer, "driver_version"));
    return number.isPresent() ? LongNode.valueOf(number.getAsLong()) : MissingNode.getInstance();
  }

  private static JsonNode totalRam(JsonNode offer) {
    if (offer.path("gpu_total_ram").isNumber()) {
      return offer.path("gpu_total_ram");
    }
    return offer.path("gpu_ram").isNumber() && offer.path("num_gpus").isNumber()
        ? DoubleNode.valueOf(
            offer.path("gpu_ram").doubleValue() * offer.path("num_gpus").doubleValue())
        : MissingNode.getInstance();
  }

  private static JsonNode firstOf(JsonNode offer, String name, String other) {
    return offer.hasNonNull(name) ? offer.path(name) : offer.path(other);
  }
}
