package dev.salvor.controller.provider.vast;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;
import okhttp3.ConnectionPool;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import okio.BufferedSource;

/// Sends one request once, over HTTP.
final class Wire {
  static final ObjectMapper JSON = new ObjectMapper();
  private static final MediaType JSON_TYPE = MediaType.get("application/json");
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  /// A page of 25 rentals or a few hundred offers is well under 1 MB.
  private static final long MAX_ANSWER_BYTES = 16 << 20;

  private final HttpUrl base;
  private final VastConfig config;
  private final OkHttpClient patient;
  private final OkHttpClient once;

  Wire(VastConfig config) {
    this.base = HttpUrl.get(config.url());
    this.config = config;
    this.patient =
        new OkHttpClient.Builder()
            .followRedirects(false)
            .followSslRedirects(false)
            .connectTimeout(CONNECT_TIMEOUT)
            .readTimeout(Duration.ZERO)
            .writeTimeout(Duration.ZERO)
            .build();
    // A fresh connection each time: an idle one that the platform has closed looks like a lost
    // answer, and a lost answer to a creation is dear.
    this.once =
        patient
            .newBuilder()
            .retryOnConnectionFailure(false)
            .connectionPool(new ConnectionPool(0, 1, TimeUnit.NANOSECONDS))
            .build();
  }

  String host() {
    return base.host();
  }

  Reply send(Call call, Duration timeout) {
    OkHttpClient client = call.endpoint().repeatable() ? patient : once;
    okhttp3.Call http = client.newCall(request(call));
    http.timeout().timeout(timeout.toNanos(), TimeUnit.NANOSECONDS);
    try (Response response = http.execute()) {
      return answer(response);
    } catch (IOException e) {
      return lost(e, timeout);
    }
  }

  /// Gets a text from where the platform says, without the key: over https, or from the platform
  /// itself.
  Reply fetch(String address, Duration timeout) {
    HttpUrl url = HttpUrl.parse(address);
    if (url == null || !(url.isHttps() || url.host().equals(base.host()))) {
      return new Reply.Lost("\"%s\" is no safe address".formatted(Words.clean(address)), false);
    }
    Request request = new Request.Builder().url(url).header("User-Agent", "salvor").build();
    okhttp3.Call http = patient.newCall(request);
    http.timeout().timeout(timeout.toNanos(), TimeUnit.NANOSECONDS);
    try (Response response = http.execute()) {
      return answer(response);
    } catch (IOException e) {
      return lost(e, timeout);
    }
  }

  private Request request(Call call) {
    HttpUrl.Builder url = base.newBuilder().addPathSegments(call.path());
    call.query().forEach(url::addQueryParameter);
    Request.Builder request =
        new Request.Builder()
            .url(url.build())
            .header("Authorization", "Bearer " + config.apiKey().reveal())
            .header("Accept", "application/json")
            .header("User-Agent", "salvor");
    return request
        .method(call.method(), call.body().isMissingNode() ? null : new OneShot(call.body()))
        .build();
  }

  private Reply answer(Response response) throws IOException {
    BufferedSource source = response.body().source();
    if (source.request(MAX_ANSWER_BYTES + 1)) {
      return new Reply.Lost("the answer is longer than 16 MB", true);
    }
    String text = source.readString(StandardCharsets.UTF_8);
    String location = response.isRedirect() ? response.header("Location", "") : "";
    return new Reply.Answer(response.code(), text, parse(text), location == null ? "" : location);
  }

  static JsonNode parse(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }

  private Reply.Lost lost(IOException e, Duration timeout) {
    boolean sent =
        !(e instanceof ConnectException
            || e instanceof NoRouteToHostException
            || e instanceof UnknownHostException
            || e instanceof SSLHandshakeException);
    if (e instanceof InterruptedIOException) {
      return new Reply.Lost(
          "%s did not answer within %d ms".formatted(host(), timeout.toMillis()), true);
    }
    String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return new Reply.Lost("%s: %s".formatted(host(), why), sent);
  }

  /// A JSON body that OkHttp may never send twice by itself, not even on "503, Retry-After: 0".
  private static final class OneShot extends RequestBody {
    private final byte[] bytes;

    private OneShot(JsonNode body) {
      this.bytes = body.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public MediaType contentType() {
      return JSON_TYPE;
    }

    @Override
    public long contentLength() {
      return bytes.length;
    }

    @Override
    public boolean isOneShot() {
      return true;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
      sink.write(bytes);
    }
  }
}
