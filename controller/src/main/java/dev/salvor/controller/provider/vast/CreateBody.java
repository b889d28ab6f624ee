package dev.salvor.controller.provider.vast;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.salvor.controller.provider.Provider.CreateRequest;
import java.util.ArrayList;
import java.util.List;

/// What a creation sends: the keys of the platform's own client, all of them, and its limits.
final class CreateBody {
  /// The smallest of the limits that the platform's documents name.
  static final int MAX_ONSTART_CHARS = 4048;

  private static final int MAX_LABEL_CHARS = 256;
  private static final int MAX_ENV_KEY_CHARS = 256;
  private static final int MAX_ENV_CHARS = 32_768;
  private static final double MIN_BID = 0.001;
  private static final double MAX_BID = 128;

  private CreateBody() {}

  /// What the platform would refuse, found before anything is sent.
  static List<String> problems(CreateRequest request) {
    List<String> problems = new ArrayList<>();
    most(problems, "the onstart text", request.onstart().length(), MAX_ONSTART_CHARS);
    most(problems, "the label", request.label().length(), MAX_LABEL_CHARS);
    int total = 0;
    for (var entry : request.env().entrySet()) {
      most(problems, "an environment name", entry.getKey().length(), MAX_ENV_KEY_CHARS);
      total += entry.getKey().length() + entry.getValue().length();
    }
    most(problems, "the environment", total, MAX_ENV_CHARS);
    double bid = request.price().dollars();
    if (request.interruptible() && (bid < MIN_BID || bid > MAX_BID)) {
      problems.add("the bid %s is not between $0.001 and $128 an hour".formatted(request.price()));
    }
    return problems;
  }

  static ObjectNode of(CreateRequest request) {
    ObjectNode body = Wire.JSON.createObjectNode();
    body.put("client_id", "me").put("image", request.image());
    ObjectNode env = body.putObject("env");
    request.env().forEach(env::put);
    if (request.interruptible()) {
      body.put("price", request.price().dollars());
    } else {
      body.putNull("price");
    }
    body.put("disk", request.diskGb()).put("label", request.label()).putNull("extra");
    body.put("onstart", request.onstart()).putNull("image_login");
    body.put("python_utf8", false).put("lang_utf8", false);
    body.put("use_jupyter_lab", false).putNull("jupyter_dir");
    // Without it, the platform may leave a stopped rental where it cannot start one.
    body.put("force", false).put("cancel_unavail", true);
    body.putNull("template_hash_id").putNull("user");
    // The platform spells it so; "direc" is ssh straight to the box, the other by its proxy.
    body.put("runtype", "ssh_direc ssh_proxy").put("target_state", "running");
    return body;
  }

  private static void most(List<String> problems, String what, int chars, int limit) {
    if (chars > limit) {
      problems.add("%s has %d characters, the limit is %d".formatted(what, chars, limit));
    }
  }
}
