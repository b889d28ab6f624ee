package dev.salvor.agent.platform;

import dev.salvor.agent.core.AgentEvent;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/// Asks the platform to stop this box (`PUT /api/v0/instances/ID/` with the state wanted). One call
/// each time it is told to; when to try again the core says.
public final class RentalStop {
  private static final int CONNECT_MS = 10_000;
  private static final int READ_MS = 30_000;
  private static final int MAX_ANSWER = 4_096;
  private static final byte[] STOP = "{\"state\":\"stopped\"}".getBytes(StandardCharsets.UTF_8);

  /// Errors come with status 200 too: only this is a yes.
  private static final Pattern YES = Pattern.compile("\"success\"\\s*:\\s*true");

  private final BoxKey key;
  private final Consumer<AgentEvent> inbox;

  public RentalStop(BoxKey key, Consumer<AgentEvent> inbox) {
    this.key = key;
    this.inbox = inbox;
  }

  /// Returns at once; what came of it goes into the inbox.
  public void start() {
    Thread.ofPlatform().name("stop").daemon(true).start(() -> inbox.accept(ask()));
  }

  AgentEvent ask() {
    try {
      return call();
    } catch (IOException e) {
      String words = "Cannot reach the platform at %s: %s".formatted(key.platform(), e);
      return new AgentEvent.RentalNotStopped(key.key().strikeFrom(words));
    }
  }

  private AgentEvent call() throws IOException {
    HttpURLConnection call = (HttpURLConnection) key.instanceUrl().toURL().openConnection();
    try {
      call.setConnectTimeout(CONNECT_MS);
      call.setReadTimeout(READ_MS);
      // A redirect would carry the key to wherever it leads.
      call.setInstanceFollowRedirects(false);
      call.setRequestMethod("PUT");
      call.setRequestProperty("Authorization", "Bearer " + key.key().reveal());
      call.setRequestProperty("Content-Type", "application/json");
      call.setDoOutput(true);
      try (OutputStream out = call.getOutputStream()) {
        out.write(STOP);
      }
      int status = call.getResponseCode();
      String answer = answer(call, status);
      boolean yes = status == HttpURLConnection.HTTP_OK && YES.matcher(answer).find();
      return yes
          ? new AgentEvent.RentalStopped()
          : new AgentEvent.RentalNotStopped(
              key.key().strikeFrom("the platform answered %d: %s".formatted(status, answer)));
    } finally {
      call.disconnect();
    }
  }

  private static String answer(HttpURLConnection call, int status) throws IOException {
    InputStream body =
        status >= HttpURLConnection.HTTP_BAD_REQUEST
            ? call.getErrorStream()
            : call.getInputStream();
    if (body == null) {
      return "";
    }
    try (body) {
      return new String(body.readNBytes(MAX_ANSWER), StandardCharsets.UTF_8).strip();
    }
  }
}
