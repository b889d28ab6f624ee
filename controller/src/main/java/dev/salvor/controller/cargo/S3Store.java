package dev.salvor.controller.cargo;

import dev.salvor.common.unit.Sha256;
import dev.salvor.controller.cargo.CargoException.Kind;
import dev.salvor.controller.core.TargetPlace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import okhttp3.RequestBody;
import okhttp3.Response;

/// One bucket that speaks S3: objects put, read, listed and taken away, each byte checked by the
/// store where it can.
final class S3Store {
  /// What a store calls its own SHA-256 of what it holds.
  static final String CHECKSUM = "x-amz-checksum-sha256";

  private static final String ALGORITHM = "x-amz-checksum-algorithm";

  /// Manifests of many files are megabytes.
  private static final long MAX_TEXT = 64 << 20;

  private static final int MAX_PAGES = 1000;

  private final S3Wire wire;
  private volatile boolean attests = true;

  S3Store(S3Wire wire) {
    this.wire = wire;
  }

  TargetPlace.Bucket bucket() {
    return wire.bucket();
  }

  /// The store answers with checksums of its own, as far as is known.
  boolean attests() {
    return attests;
  }

  /// One object as the store has it.
  ///
  /// @param checksum its own, in base64, with "-N" behind it where it is one over N parts'; empty
  ///   where it has none
  record Held(long size, String checksum) {}

  /// One part of a file as the store took it.
  record Part(int number, String etag, Sha256 digest) {}

  Optional<Held> head(String key) throws CargoException {
    S3Wire.Asking asking =
        wire.ask("look at", "HEAD", key).header("x-amz-checksum-mode", "ENABLED");
    try (Response response = asking.send()) {
      long size = Long.parseLong("0" + said(response, "content-length"));
      return Optional.of(new Held(size, said(response, CHECKSUM)));
    } catch (S3Wire.Missing e) {
      return Optional.empty();
    }
  }

  private static String said(Response response, String header) {
    return Objects.requireNonNullElse(response.header(header), "");
  }

  Optional<byte[]> text(String key) throws CargoException {
    try (InputStream in = open(key)) {
      byte[] text = in.readNBytes((int) MAX_TEXT + 1);
      if (text.length > MAX_TEXT) {
        throw new CargoException(Kind.STORE_REFUSED, key + " in " + bucket() + " is no text");
      }
      return Optional.of(text);
    } catch (S3Wire.Missing e) {
      return Optional.empty();
    } catch (IOException e) {
      throw wire.ask("read", "GET", key).failed(e);
    }
  }

  /// The bytes of an object; closing it closes the connection.
  InputStream open(String key) throws CargoException {
    return wire.ask("read", "GET", key).send().body().byteStream();
  }

  /// Whether the store says that it has these bytes.
  boolean put(String key, RequestBody body, Sha256 digest) throws CargoException {
    if (attests) {
      S3Wire.Asking asking = wire.ask("put", "PUT", key).body(body, digest);
      try (Response response = asking.header(CHECKSUM, base64(digest)).send()) {
        attests = base64(digest).equals(said(response, CHECKSUM));
        return attests;
      } catch (S3Wire.Unsupported e) {
        attests = false;
      }
    }
    wire.ask("put", "PUT", key).body(body, digest).done();
    return false;
  }

  boolean put(String key, byte[] text) throws CargoException {
    return put(key, RequestBody.create(text), Sha256.of(text));
  }

  static String base64(Sha256 digest) {
    return Base64.getEncoder().encodeToString(digest.bytes());
  }

  /// What the store's checksum over these parts must be.
  static String composite(List<Part> parts) {
    MessageDigest digest = Sha256.newDigest();
    parts.forEach(part -> digest.update(part.digest().bytes()));
    return Base64.getEncoder().encodeToString(digest.digest()) + "-" + parts.size();
  }

  void delete(String key) throws CargoException {
    try {
      wire.ask("take away", "DELETE", key).done();
    } catch (S3Wire.Missing e) {
      // Gone is what was wanted.
      return;
    }
  }

  /// The names one level below a prefix that ends in a slash.
  List<String> below(String prefix) throws CargoException {
    List<String> names = new ArrayList<>();
    SortedMap<String, String> query =
        new TreeMap<>(Map.of("list-type", "2", "prefix", prefix, "delimiter", "/"));
    for (int page = 0; page < MAX_PAGES; page++) {
      String xml = wire.ask("list " + prefix, "GET", "").query(query).text();
      for (String each : S3Xml.all(xml, "CommonPrefixes")) {
        String name = S3Xml.text(each, "Prefix").orElse("");
        if (name.startsWith(prefix) && name.length() > prefix.length() + 1) {
          names.add(name.substring(prefix.length(), name.length() - 1));
        }
      }
      Optional<String> more = S3Xml.text(xml, "NextContinuationToken");
      if (more.isEmpty()) {
        return names;
      }
      query.put("continuation-token", more.get());
    }
    throw new CargoException(Kind.STORE_REFUSED, "Too much lies below " + prefix + ": " + bucket());
  }

  /// Begins an upload in parts; its id.
  String begin(String key) throws CargoException {
    S3Wire.Asking asking = wire.ask("begin an upload of", "POST", key).query("uploads", "");
    if (attests) {
      asking.header(ALGORITHM, "SHA256");
    }
    try {
      return S3Xml.text(asking.text(), "UploadId")
          .orElseThrow(() -> new CargoException(Kind.STORE_FAILED, "No id of an upload: " + key));
    } catch (S3Wire.Unsupported e) {
      if (!attests) {
        throw e;
      }
      attests = false;
      return begin(key);
    }
  }

  /// What a part's address must say of its checksum; empty where the store keeps none.
  SortedMap<String, String> partHeaders(Sha256 digest) {
    SortedMap<String, String> headers = new TreeMap<>();
    if (attests) {
      headers.put(CHECKSUM, base64(digest));
    }
    return headers;
  }

  /// An address by which whoever has it may put one part, with these headers and no others.
  String partAddress(Upload upload, int number, SortedMap<String, String> headers, Duration life) {
    return wire.presign(
        new S3Wire.Presigned("PUT", upload.key(), partQuery(upload, number), headers), life);
  }

  /// The same of an object that is put at once.
  String address(String key, SortedMap<String, String> headers, Duration life) {
    return wire.presign(new S3Wire.Presigned("PUT", key, new TreeMap<>(), headers), life);
  }

  private static SortedMap<String, String> partQuery(Upload upload, int number) {
    return new TreeMap<>(Map.of("partNumber", Integer.toString(number), "uploadId", upload.id()));
  }

  /// An upload in parts that has begun.
  record Upload(String key, String id) {}

  Part putPart(Upload upload, int number, RequestBody body, Sha256 digest) throws CargoException {
    boolean asked = attests;
    S3Wire.Asking asking =
        wire.ask("put a part of", "PUT", upload.key())
            .query(partQuery(upload, number))
            .body(body, digest);
    partHeaders(digest).forEach(asking::header);
    try (Response response = asking.send()) {
      attests = attests && base64(digest).equals(said(response, CHECKSUM));
      return new Part(number, said(response, "etag"), digest);
    } catch (S3Wire.Unsupported e) {
      if (!asked) {
        throw e;
      }
      attests = false;
      return putPart(upload, number, body, digest);
    }
  }

  /// Makes one object of the parts; whether the store says that it has these bytes.
  boolean complete(Upload upload, List<Part> parts) throws CargoException {
    StringBuilder xml = new StringBuilder("<CompleteMultipartUpload>");
    for (Part part : parts) {
      xml.append("<Part><PartNumber>").append(part.number()).append("</PartNumber><ETag>");
      xml.append(part.etag().replace("&", "&amp;").replace("\"", "&quot;")).append("</ETag>");
      if (attests) {
        xml.append("<ChecksumSHA256>").append(base64(part.digest())).append("</ChecksumSHA256>");
      }
      xml.append("</Part>");
    }
    byte[] body =
        xml.append("</CompleteMultipartUpload>").toString().getBytes(StandardCharsets.UTF_8);
    String answer =
        wire.ask("put together", "POST", upload.key())
            .query("uploadId", upload.id())
            .body(RequestBody.create(body), Sha256.of(body))
            .text();
    // A store may say 200 and then that it failed.
    if (answer.contains("<Error>")) {
      throw new CargoException(
          Kind.STORE_FAILED,
          "Cannot put together %s in %s: %s"
              .formatted(upload.key(), bucket(), S3Xml.text(answer, "Message").orElse("")));
    }
    return attests
        && head(upload.key()).map(h -> h.checksum().equals(composite(parts))).orElse(false);
  }

  /// Lets go of the parts of an upload that nobody will put together.
  void abort(Upload upload) throws CargoException {
    try {
      wire.ask("end an upload of", "DELETE", upload.key()).query("uploadId", upload.id()).done();
    } catch (S3Wire.Missing e) {
      // Gone is what was wanted.
      return;
    }
  }

  /// Uploads under a prefix that have begun and not ended; a page of them.
  List<Upload> uploads(String prefix) throws CargoException {
    String xml =
        wire.ask("list uploads to", "GET", "").query("uploads", "").query("prefix", prefix).text();
    return S3Xml.all(xml, "Upload").stream()
        .map(each ->
            new Upload(S3Xml.text(each, "Key").orElse(""), S3Xml.text(each, "UploadId").orElse("")))
        .filter(upload -> upload.key().startsWith(prefix) && !upload.id().isEmpty())
        .toList();
  }
}
