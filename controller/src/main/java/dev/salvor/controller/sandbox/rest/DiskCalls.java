package dev.salvor.controller.sandbox.rest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.salvor.controller.sandbox.box.BoxException;
import dev.salvor.controller.sandbox.market.Market;
import dev.salvor.controller.sandbox.market.Refusal;
import dev.salvor.controller.sandbox.market.Words;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// A few commands on the disk of an instance that is down; not a remote shell.
record DiskCalls(Market market, Desk desk, Results results) {
  private static final Set<String> ALLOWED = Set.of("ls", "rm", "du");
  private static final int MAX_COMMAND = 512;
  private static final int MAX_OUTPUT = 1 << 20;
  private static final long SECONDS = 20;

  Answer execute(Call call) throws Refusal, BoxException {
    long id = call.id(2);
    if (!market.exists(id)) {
      throw new Refusal(404, "no_such_instance", "Instance " + id + " not found.");
    }
    List<String> words = Words.of(call.text("command"));
    boolean allowed =
        !words.isEmpty()
            && ALLOWED.contains(words.getFirst())
            && call.text("command").length() <= MAX_COMMAND;
    if (!allowed) {
      throw new Refusal(400, "invalid_args", "Invalid command given.");
    }
    if (!market.isDown(id)) {
      throw new Refusal(
          400,
          "invalid_args",
          "Execute command only avail on stopped instances. Use ssh to run commands on running"
              + " instances.");
    }
    Optional<List<String>> command = desk.boxes().onDisk(id, words);
    if (command.isEmpty()) {
      throw new Refusal(400, "invalid_args", "Not offered where boxes are plain processes.");
    }
    var answer = JsonNodeFactory.instance.objectNode().put("success", true);
    answer.put("result_url", desk.url() + "/results/" + results.add(run(command.get())));
    return Answer.ok(answer.put("writeable_path", "/var/lib/sandbox").put("msg", "Running."));
  }

  private static String run(List<String> command) throws BoxException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      byte[] output = process.getInputStream().readNBytes(MAX_OUTPUT);
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      return new String(output, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new BoxException("Cannot run a command on a disk", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BoxException("Interrupted while running a command on a disk", e);
    }
  }
}
