package dev.salvor.controller.monitor;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.salvor.common.unit.Secret;
import dev.salvor.controller.view.NoticeView;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Posts each notice to one address, once; one that was not taken is tried again, ever more slowly,
/// and given up after a while: `salvor ps` repeats it anyway.
public final class Webhook implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Webhook.class);
  private static final Duration LOOKS = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int MAX_TRIES = 8;
  private static final int DONE = Integer.MAX_VALUE;
  private static final int SUCCESSES = 200;
  private static final int REDIRECTS = 300;

  private final ObjectMapper json = new ObjectMapper();
  private final URI to;
  private final Optional<Secret> secret;
  private final Watchers watchers;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();

  /// Tries of each notice; bounded by the notices that the journal has.
  private final Map<String, Tries> tries = new HashMap<>();

  private final Thread thread;

  private Webhook(URI to, Optional<Secret> secret, Watchers watchers) {
    this.to = to;
    this.secret = secret;
    this.watchers = watchers;
    this.thread = Thread.ofVirtual().name("webhook").unstarted(this::run);
  }

  /// Begins; notices that wait already are told too.
  ///
  /// @param secret signs what is sent; empty for unsigned
  public static Webhook start(URI to, Optional<Secret> secret, Watchers watchers) {
    Webhook webhook = new Webhook(to, secret, watchers);
    webhook.thread.start();
    return webhook;
  }

  /// How often it was tried, and how many looks are still to be sat out.
  private record Tries(int made, int sitOut) {
    static final Tries NONE = new Tries(0, 0);

    Tries failed() {
      return new Tries(made + 1, 1 << Math.min(made, MAX_TRIES));
    }
  }

  private void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        look();
        Thread.sleep(LOOKS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() throws InterruptedException {
    try {
      for (NoticeView notice : watchers.notices()) {
        tell(notice);
      }
    } catch (IllegalStateException e) {
      LOG.atWarn().setMessage("No notices to tell").addKeyValue("why", e.getMessage()).log();
    }
  }

  private void tell(NoticeView notice) throws InterruptedException {
    String key = notice.run() + " " + notice.number();
    Tries before = tries.getOrDefault(key, Tries.NONE);
    if (before.made() >= MAX_TRIES) {
      return;
    }
    if (before.sitOut() > 0) {
      tries.put(key, new Tries(before.made(), before.sitOut() - 1));
      return;
    }
    tries.put(key, sent(notice) ? new Tries(DONE, 0) : before.failed());
  }

  private boolean sent(NoticeView notice) throws InterruptedException {
    byte[] body = body(notice);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(to)
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    secret.ifPresent(s -> request.header("X-Salvor-Signature-256", Signature.of(s, body)));
    try {
      int status = http.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
      if (status >= SUCCESSES && status < REDIRECTS) {
        return true;
      }
      LOG.atWarn().setMessage("The webhook was refused").addKeyValue("status", status).log();
    } catch (IOException e) {
      LOG.atWarn().setMessage("The webhook was not taken").addKeyValue("why", e).log();
    }
    return false;
  }

  private byte[] body(NoticeView notice) {
    ObjectNode body = json.createObjectNode();
    body.put("run", notice.run().value());
    body.put("number", notice.number());
    body.put("at", notice.at().toString());
    body.put("what", notice.what());
    body.put("next", notice.next());
    return body.toString().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    thread.interrupt();
    http.shutdownNow();
  }
}
