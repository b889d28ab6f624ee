package dev.salvor.controller.provider.vast;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.salvor.controller.provider.Extras;
import dev.salvor.controller.provider.ImageLogin;
import dev.salvor.controller.provider.Provider.CreateRequest;
import dev.salvor.controller.provider.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// What a creation sends: the keys of the platform's own client, all of them, and its limits.
final class CreateBody {
  /// The smallest of the limits that the platform's documents name.
  static final int MAX_ONSTART_CHARS = 4048;

  private static final int MAX_LABEL_CHARS = 256;
  private static final int MAX_ENV_KEY_CHARS = 256;
  private static final int MAX_ENV_CHARS = 32_768;
  private static final int MAX_IMAGE_CHARS = 1024;
  private static final int MAX_PORTS = 64;
  private static final Pattern PORT = Pattern.compile("-p [0-9]{1,5}:[0-9]{1,5}(/(tcp|udp))?");
  private static final double MIN_BID = 0.001;
  private static final double MAX_BID = 128;

  private CreateBody() {}

  /// What the platform would refuse, or take and do something else with, found before anything is
  /// sent.
  static List<String> problems(CreateRequest request) {
    List<String> problems = new ArrayList<>();
    most(problems, "the label", request.label().length(), MAX_LABEL_CHARS);
    most(problems, "the image's name", request.image().length(), MAX_IMAGE_CHARS);
    if (request.image().isBlank() && request.extras().template().isEmpty()) {
      problems.add("it names neither an image nor a template");
    }
    program(problems, request);
    environment(problems, request);
    double bid = request.price().dollars();
    if (request.interruptible() && (bid < MIN_BID || bid > MAX_BID)) {
      problems.add("the bid %s is not between $0.001 and $128 an hour".formatted(request.price()));
    }
    return problems;
  }

  private static void program(List<String> problems, CreateRequest request) {
    if (!(request.extras().shape() instanceof Shape.Args args)) {
      most(problems, "the onstart text", request.onstart().length(), MAX_ONSTART_CHARS);
      return;
    }
    if (!request.onstart().isBlank()) {
      problems.add("an args box runs no onstart text: the platform reads it as the entrypoint");
    }
    if (args.entrypoint().strip().matches("(?s).*\\s.*")) {
      problems.add(
          "the entrypoint \"%s\" is a command line: the container runtime would look for a file of that name. Give it as args"
              .formatted(Words.clean(args.entrypoint())));
    }
    if (!args.line().isEmpty() && !args.args().isEmpty()) {
      problems.add("args are given as a list and as a text, and which one wins is not known");
    }
    int chars = args.entrypoint().length() + args.line().length();
    for (String arg : args.args()) {
      chars += arg.length();
    }
    most(problems, "entrypoint and args together", chars, MAX_ONSTART_CHARS);
  }

  private static void environment(List<String> problems, CreateRequest request) {
    int total = 0;
    int ports = 0;
    for (var entry : request.env().entrySet()) {
      String name = entry.getKey();
      most(problems, "an environment name", name.length(), MAX_ENV_KEY_CHARS);
      total += name.length() + entry.getValue().length();
      if (name.startsWith("-p")) {
        ports++;
        if (!PORT.matcher(name).matches()) {
          problems.add("\"%s\" opens no port: write -p 8080:8080/tcp".formatted(Words.clean(name)));
        }
      }
    }
    most(problems, "the environment", total, MAX_ENV_CHARS);
    if (ports > MAX_PORTS) {
      problems.add("%d ports are asked for, a box has at most %d".formatted(ports, MAX_PORTS));
    }
  }

  static ObjectNode of(CreateRequest request) {
    Extras extras = request.extras();
    ObjectNode body = Wire.JSON.createObjectNode();
    body.put("client_id", "me").put("image", request.image().isEmpty() ? null : request.image());
    ObjectNode env = body.putObject("env");
    request.env().forEach(env::put);
    if (request.interruptible()) {
      body.put("price", request.price().dollars());
    } else {
      body.putNull("price");
    }
    body.put("disk", request.diskGb()).put("label", request.label()).putNull("extra");
    body.put("onstart", request.onstart());
    body.put("image_login", extras.login().map(CreateBody::login).orElse(null));
    body.put("python_utf8", false).put("lang_utf8", false);
    body.put("use_jupyter_lab", false).putNull("jupyter_dir");
    // Without it, the platform may leave a stopped rental where it cannot start one.
    body.put("force", false).put("cancel_unavail", true);
    body.put("template_hash_id", extras.template().isEmpty() ? null : extras.template());
    body.put("user", extras.user().isEmpty() ? null : extras.user());
    shape(body, extras);
    extras.volume().ifPresent(link -> body.set("volume_info", volume(link)));
    return body.put("target_state", extras.begin() ? "running" : "stopped");
  }

  /// The platform spells it so; "direc" is ssh straight to the box, the others by its proxy.
  private static void shape(ObjectNode body, Extras extras) {
    String runtype =
        switch (extras.shape()) {
          case Shape.Ssh(boolean direct) -> direct ? "ssh_direc ssh_proxy" : "ssh_proxy";
          case Shape.Jupyter(boolean direct, boolean lab, String dir) -> {
            body.put("use_jupyter_lab", lab).put("jupyter_dir", dir.isEmpty() ? null : dir);
            yield direct ? "jupyter_direc ssh_direc ssh_proxy" : "jupyter_proxy ssh_proxy";
          }
          case Shape.Args(String entrypoint, List<String> args, String line) -> {
            body.put("onstart", entrypoint.isBlank() ? null : entrypoint.strip());
            arguments(body, args, line);
            yield "args";
          }
        };
    // A template brings its own.
    if (extras.template().isEmpty()) {
      body.put("runtype", runtype);
    }
  }

  private static void arguments(ObjectNode body, List<String> args, String line) {
    if (!line.isEmpty()) {
      body.put("args_str", line);
    }
    if (!args.isEmpty()) {
      args.forEach(body.putArray("args")::add);
    }
  }

  private static String login(ImageLogin login) {
    return "-u %s -p %s %s".formatted(login.user(), login.token().reveal(), login.registry());
  }

  private static ObjectNode volume(Extras.VolumeLink link) {
    ObjectNode info = Wire.JSON.createObjectNode().put("mount_path", link.path());
    boolean fresh = link.volume() <= 0;
    info.put("create_new", fresh);
    if (!fresh) {
      return info.put("volume_id", link.volume());
    }
    if (!link.name().isEmpty()) {
      info.put("name", link.name());
    }
    return info.put("size", link.gb());
  }

  private static void most(List<String> problems, String what, int chars, int limit) {
    if (chars > limit) {
      problems.add("%s has %d characters, the limit is %d".formatted(what, chars, limit));
    }
  }
}
