package dev.salvor.controller.cargo;

import dev.salvor.common.unit.Sha256;
import dev.salvor.controller.cargo.CargoException.Kind;
import dev.salvor.controller.core.TargetPlace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;

/// Signed requests to one bucket, over HTTP; each is tried a few times, with longer and longer
/// pauses.
final class S3Wire {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  /// A store that takes or gives nothing for so long is stuck.
  private static final Duration QUIET = Duration.ofSeconds(60);

  private static final int TRIES = 5;
  private static final long FIRST_PAUSE_MS = 300;
  private static final long MAX_ERROR = 64 << 10;

  /// Lists and answers; the longest are lists of a thousand parts.
  private static final int MAX_TEXT = 8 << 20;

  private static final String USUAL_REGION = "us-east-1";
  private static final String EMPTY = Sha256.of(new byte[0]).hex();

  private final TargetPlace.Bucket bucket;
  private final S3Keys keys;
  private final InstantSource clock;
  private final S3Signer signer;
  private final HttpUrl base;
  private final OkHttpClient http;
  private final Pause pause;

  S3Wire(TargetPlace.Bucket bucket, S3Keys keys, InstantSource clock, Pause pause) {
    this.bucket = bucket;
    this.keys = keys;
    this.clock = clock;
    this.pause = pause;
    String region =
        !bucket.region().isEmpty()
            ? bucket.region()
            : keys.region().isEmpty() ? USUAL_REGION : keys.region();
    this.signer = new S3Signer(keys, region);
    this.base = base(bucket, region);
    this.http =
        new OkHttpClient.Builder()
            .followRedirects(false)
            .followSslRedirects(false)
            .connectTimeout(CONNECT_TIMEOUT)
            .readTimeout(QUIET)
            .writeTimeout(QUIET)
            .build();
  }

  /// Waits between two tries.
  @FunctionalInterface
  interface Pause {
    void of(long ms) throws InterruptedException;
  }

  /// There is no such object.
  static final class Missing extends CargoException {
    private static final long serialVersionUID = 1;

    private Missing(String message) {
      super(Kind.STORE_REFUSED, message);
    }
  }

  /// The store keeps no checksums.
  static final class Unsupported extends CargoException {
    private static final long serialVersionUID = 1;

    private Unsupported(String message) {
      super(Kind.STORE_REFUSED, message);
    }
  }

  /// Amazon's buckets have a host each, where their names have no dots; others lie in the path.
  private static HttpUrl base(TargetPlace.Bucket bucket, String region) {
    boolean own = bucket.endpoint().isEmpty() && !bucket.bucket().contains(".");
    String amazon = "https://" + (own ? bucket.bucket() + "." : "") + "s3." + region;
    String endpoint = bucket.endpoint().isEmpty() ? amazon + ".amazonaws.com" : bucket.endpoint();
    return HttpUrl.get(endpoint + (own ? "/" : "/" + bucket.bucket() + "/"));
  }

  TargetPlace.Bucket bucket() {
    return bucket;
  }

  /// @param key of an object; empty for the bucket itself
  Asking ask(String tried, String method, String key) {
    return new Asking(tried, method, key);
  }

  /// A request that somebody else may make, without our key.
  record Presigned(
      String method,
      String key,
      SortedMap<String, String> query,
      SortedMap<String, String> headers) {}

  String presign(Presigned request, Duration life) {
    S3Signer.Asked asked =
        new S3Signer.Asked(
            request.method(), host(), path(request.key()), request.query(), request.headers());
    return base.scheme() + "://" + host() + signer.presign(asked, life, clock.instant());
  }

  private String host() {
    boolean usual = base.port() == HttpUrl.defaultPort(base.scheme());
    return usual ? base.host() : base.host() + ":" + base.port();
  }

  private String path(String key) {
    String path = base.encodedPath() + S3Signer.path(key);
    return key.isEmpty() && path.length() > 1 ? path.substring(0, path.length() - 1) : path;
  }

  /// One request as it is put together.
  final class Asking {
    private final String tried;
    private final String method;
    private final String key;
    private final SortedMap<String, String> query = new TreeMap<>();
    private final SortedMap<String, String> headers = new TreeMap<>();
    private @org.jspecify.annotations.Nullable RequestBody body;
    private String payload = EMPTY;

    private Asking(String tried, String method, String key) {
      this.tried = key.isEmpty() ? tried : tried + " " + key;
      this.method = method;
      this.key = key;
    }

    Asking query(String name, String value) {
      query.put(name, value);
      return this;
    }

    Asking query(SortedMap<String, String> more) {
      query.putAll(more);
      return this;
    }

    Asking header(String name, String value) {
      headers.put(name, value);
      return this;
    }

    Asking body(RequestBody what, Sha256 digest) {
      body = what;
      payload = digest.hex();
      return this;
    }

    /// Its answer does not matter but for being a yes.
    void done() throws CargoException {
      send().close();
    }

    String text() throws CargoException {
      try (Response response = send()) {
        return new String(
            response.body().byteStream().readNBytes(MAX_TEXT), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw failed(e);
      }
    }

    /// A yes; whoever gets it closes it.
    Response send() throws CargoException {
      CargoException last = null;
      for (int i = 0; i < TRIES; i++) {
        if (i > 0) {
          rest(FIRST_PAUSE_MS << i);
        }
        try {
          return once();
        } catch (IOException e) {
          last = failed(e);
        } catch (CargoException e) {
          if (!e.retryable()) {
            throw e;
          }
          last = e;
        }
      }
      throw Objects.requireNonNull(last);
    }

    private void rest(long ms) throws CargoException {
      try {
        pause.of(ms);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw failed(new IOException("interrupted", e));
      }
    }

    private Response once() throws IOException, CargoException {
      S3Signer.Asked asked = new S3Signer.Asked(method, host(), path(key), query, headers);
      Request.Builder request =
          new Request.Builder().url(HttpUrl.get(base.scheme() + "://" + host() + asked.line()));
      signer.sign(asked, payload, clock.instant()).forEach(request::header);
      boolean bodiless = body == null && (method.equals("POST") || method.equals("PUT"));
      request.method(method, bodiless ? RequestBody.create(new byte[0]) : body);
      Response response = http.newCall(request.build()).execute();
      if (response.isSuccessful()) {
        return response;
      }
      try (response) {
        throw refused(response);
      }
    }

    private CargoException refused(Response response) throws IOException {
      ResponseBody answer = response.body();
      String xml =
          new String(answer.byteStream().readNBytes((int) MAX_ERROR), StandardCharsets.UTF_8);
      S3Refusal refusal =
          new S3Refusal(
              response.code(),
              S3Xml.text(xml, "Code").orElse(""),
              S3Xml.text(xml, "Message").orElse(""),
              Objects.requireNonNullElse(
                  response.header("x-amz-bucket-region"), S3Xml.text(xml, "Region").orElse("")),
              Objects.requireNonNullElse(response.header("date"), ""));
      CargoException told = refusal.told(tried + " in", bucket, keys);
      String message = Objects.requireNonNull(told.getMessage());
      return refusal.missing()
          ? new Missing(message)
          : refusal.unsupported() ? new Unsupported(message) : told;
    }

    CargoException failed(IOException e) {
      return new CargoException(
          Kind.STORE_FAILED,
          "Cannot %s in %s: %s. It is tried again later.".formatted(tried, bucket, e));
    }
  }
}
