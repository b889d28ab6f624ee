package dev.salvor.controller.sandbox.market;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// A checked request to rent: what to run, on how much disk, at what price, under which label.
///
/// @param cancels where its GPUs are taken, nothing is made; otherwise a stopped rental is
record CreateOrder(
    Instance.Program program,
    boolean bid,
    double price,
    double diskGb,
    String label,
    boolean wanted,
    boolean cancels,
    Disks disks) {
  private static final double DEFAULT_DISK_GB = 8;
  private static final double LEAST_BID = 0.001;
  private static final double HIGHEST_BID = 128;
  private static final int MAX_ENV_NAME = 256;
  private static final int MAX_ENV = 32_768;
  private static final int MAX_LABEL = 256;
  private static final int MAX_IMAGE = 1024;

  /// onstart, args and args_str together.
  private static final int MAX_SCRIPT = 4096;

  private static final int MAX_PORTS = 64;

  /// The volumes that are asked for: the body's `volume_info`, and links such as `V.881:/mnt`.
  record Disks(JsonNode info, List<String> links) {}

  static CreateOrder parse(JsonNode body) throws Refusal {
    String image = body.path("image").asText("");
    boolean template = body.path("template_hash_id").isTextual();
    if (body.path("image").isNull()
        || (image.isEmpty() && !template)
        || image.length() > MAX_IMAGE) {
      throw Refusal.invalid("error 400/3101: image is required, of at most 1024 characters");
    }
    JsonNode price = body.path("price");
    boolean bid = price.isNumber();
    if (!bid && !price.isNull() && !price.isMissingNode()) {
      throw new Refusal(400, "invalid_price", "price must be a number or null");
    }
    if (bid && (price.asDouble() < LEAST_BID || price.asDouble() > HIGHEST_BID)) {
      throw new Refusal(400, "invalid_price", "price must be between 0.001 and 128");
    }
    double disk = body.path("disk").asDouble(DEFAULT_DISK_GB);
    if (disk <= 0) {
      throw Refusal.invalid("error 400/3102: disk must be over 0");
    }
    String label = text(body.path("label"));
    if (label.length() > MAX_LABEL) {
      throw new Refusal(400, "label_too_long", "label must be at most 256 characters");
    }
    boolean wanted = !body.path("target_state").asText("running").equals("stopped");
    Instance.Program program = program(body, image);
    List<String> links =
        program.env().keySet().stream()
            .filter(key -> key.startsWith("-v "))
            .map(key -> key.substring(3).strip())
            .toList();
    var disks = new Disks(body.path("volume_info"), links);
    // Where nobody says, only what should run now and on demand is cancelled.
    boolean cancels = body.path("cancel_unavail").asBoolean(!bid && wanted);
    return new CreateOrder(program, bid, price.asDouble(), disk, label, wanted, cancels, disks);
  }

  private static Instance.Program program(JsonNode body, String image) throws Refusal {
    String onstart = text(body.path("onstart"));
    String argsText = text(body.path("args_str"));
    List<String> args = new ArrayList<>();
    body.path("args").forEach(arg -> args.add(arg.asText()));
    int script =
        onstart.length() + argsText.length() + args.stream().mapToInt(String::length).sum();
    if (script > MAX_SCRIPT) {
      throw Refusal.invalid(
          "error 400/3105: onstart, args and args_str have "
              + script
              + " characters together, at most 4096 are allowed");
    }
    if (args.isEmpty()) {
      args.addAll(Words.of(argsText));
    }
    String runtype = text(body.path("runtype"));
    var env = env(body.path("env"));
    if (env.keySet().stream().filter(key -> key.startsWith("-p")).count() > MAX_PORTS) {
      throw Refusal.invalid("error 400/3107: at most 64 open ports are allowed");
    }
    return new Instance.Program(
        image, runtype.isEmpty() ? "ssh" : runtype, onstart, args, env, List.of());
  }

  /// A text in the place of the object is passed over silently, as reported of the platform.
  private static TreeMap<String, String> env(JsonNode json) throws Refusal {
    var env = new TreeMap<String, String>();
    int size = 0;
    for (var entry : json.properties()) {
      String value = entry.getValue().isNull() ? "" : entry.getValue().asText();
      size += entry.getKey().length() + value.length();
      if (entry.getKey().length() > MAX_ENV_NAME || size > MAX_ENV) {
        throw Refusal.invalid("error 400/3106: env is too large");
      }
      env.put(entry.getKey(), value);
    }
    return env;
  }

  private static String text(JsonNode json) {
    return json.isTextual() ? json.asText() : "";
  }
}
