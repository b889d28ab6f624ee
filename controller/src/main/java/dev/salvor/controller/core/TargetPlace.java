package dev.salvor.controller.core;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a run's copies are kept, as its user names it. Its text form is what is journaled.
public sealed interface TargetPlace {

  /// The place that this one lies in.
  TargetPlace above();

  private static String cut(String path) {
    return path.substring(0, Math.max(0, path.lastIndexOf('/')));
  }

  /// A directory of the controller's machine, absolute.
  record Directory(String path) implements TargetPlace {
    public Directory {
      if (!path.startsWith("/")) {
        throw new IllegalArgumentException("A directory is absolute: " + path);
      }
    }

    @Override
    public TargetPlace above() {
      return new Directory(cut(path).isEmpty() ? "/" : cut(path));
    }

    @Override
    public String toString() {
      return path;
    }
  }

  /// A bucket that speaks S3.
  ///
  /// @param prefix keys begin with it and a slash; empty for none
  /// @param endpoint of a store that is not Amazon's, `https://host[:port]`; empty for Amazon's
  /// @param region empty for what the credentials' profile says
  record Bucket(String bucket, String prefix, String endpoint, String region)
      implements TargetPlace {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
    private static final Pattern PREFIX =
        Pattern.compile("|[A-Za-z0-9!_.()=@-]+(/[A-Za-z0-9!_.()=@-]+)*");
    private static final Pattern ENDPOINT =
        Pattern.compile("|https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?");
    private static final Pattern REGION = Pattern.compile("|[a-z0-9-]{1,40}");

    public Bucket {
      require(NAME.matcher(bucket).matches(), "\"%s\" is no name of a bucket", bucket);
      require(
          PREFIX.matcher(prefix).matches() && !("/" + prefix + "/").contains("/../"),
          "\"%s\" cannot begin a key: letters, digits and !_.()=@- between single slashes",
          prefix);
      require(
          ENDPOINT.matcher(endpoint).matches(),
          "\"%s\" is no endpoint: https://HOST, nothing behind it",
          endpoint);
      require(REGION.matcher(region).matches(), "\"%s\" is no region", region);
    }

    private static void require(boolean holds, String otherwise, String what) {
      if (!holds) {
        throw new IllegalArgumentException(otherwise.formatted(what));
      }
    }

    /// The same store, further down.
    public Bucket below(String name) {
      return new Bucket(bucket, prefix.isEmpty() ? name : prefix + "/" + name, endpoint, region);
    }

    @Override
    public TargetPlace above() {
      return new Bucket(bucket, cut(prefix), endpoint, region);
    }

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder("s3://" + bucket);
      text.append(prefix.isEmpty() ? "" : "/" + prefix);
      String between = "?";
      if (!endpoint.isEmpty()) {
        text.append(between).append("endpoint=").append(endpoint);
        between = "&";
      }
      return region.isEmpty() ? text.toString() : text + between + "region=" + region;
    }
  }

  /// How S3 places are written.
  Pattern S3 = Pattern.compile("s3://([^/?]+)(/[^?]*)?(?:\\?(.*))?");

  /// Reads the text form of a place.
  ///
  /// @throws IllegalArgumentException with what is wrong with it
  static TargetPlace parse(String text) {
    Matcher s3 = S3.matcher(text);
    if (s3.matches()) {
      Map<String, String> more = settings(Optional.ofNullable(s3.group(3)).orElse(""));
      String prefix = Optional.ofNullable(s3.group(2)).orElse("").replaceAll("^/+|/+$", "");
      return new Bucket(
          s3.group(1),
          prefix,
          more.getOrDefault("endpoint", "").replaceAll("/+$", ""),
          more.getOrDefault("region", ""));
    }
    return new Directory(text);
  }

  private static Map<String, String> settings(String query) {
    Map<String, String> settings = new TreeMap<>();
    for (String pair : query.isEmpty() ? new String[0] : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      if (equals < 0 || !(name.equals("endpoint") || name.equals("region"))) {
        throw new IllegalArgumentException(
            "\"%s\" is neither endpoint= nor region=".formatted(pair));
      }
      settings.put(name, pair.substring(equals + 1));
    }
    return settings;
  }
}
