package dev.salvor.controller.cargo;

import dev.salvor.common.checkpoint.FileEntry;
import dev.salvor.common.unit.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/// Puts files of this disk into a store, in one piece or in parts, and keeps what the store says of
/// each. For one thread.
final class S3Upload {
  private static final int BUFFER = 256 << 10;

  private final S3Store store;
  private final Map<String, String> sums = new TreeMap<>();
  private boolean attested = true;

  S3Upload(S3Store store) {
    this.store = store;
  }

  /// The store said of every file that it has these bytes.
  boolean attested() {
    return attested;
  }

  /// The store's checksums of files in parts.
  Map<String, String> sums() {
    return sums;
  }

  void put(String key, FileEntry file, Path path) throws CargoException {
    try {
      attested &= putFile(key, file, path);
    } catch (IOException e) {
      throw CargoException.of("Cannot read %s".formatted(path), e);
    }
  }

  private boolean putFile(String key, FileEntry file, Path path)
      throws IOException, CargoException {
    S3Parts parts = S3Parts.of(file.size());
    if (parts.single()) {
      return store.put(key, new Slice(path, 0, file.size()), file.digest());
    }
    S3Store.Upload upload = new S3Store.Upload(key, store.begin(key));
    List<S3Store.Part> done = new ArrayList<>();
    try {
      for (int number = 1; number <= parts.count(); number++) {
        Slice slice = new Slice(path, parts.from(number), parts.length(number));
        done.add(store.putPart(upload, number, slice, slice.digest()));
      }
      boolean says = store.complete(upload, done);
      if (says) {
        sums.put(file.path(), S3Store.composite(done));
      }
      return says;
    } catch (IOException | CargoException e) {
      store.abort(upload);
      throw e;
    }
  }

  /// A stretch of a file, read anew at each try.
  private static final class Slice extends RequestBody {
    private final Path path;
    private final long from;
    private final long length;

    Slice(Path path, long from, long length) {
      this.path = path;
      this.from = from;
      this.length = length;
    }

    Sha256 digest() throws IOException {
      MessageDigest digest = Sha256.newDigest();
      read((buffer, n) -> digest.update(buffer, 0, n));
      return Sha256.fromBytes(digest.digest());
    }

    @Override
    public @Nullable MediaType contentType() {
      return null;
    }

    @Override
    public long contentLength() {
      return length;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
      read((buffer, n) -> sink.write(buffer, 0, n));
    }

    /// Takes a piece of it.
    private interface Taking {
      void take(byte[] buffer, int n) throws IOException;
    }

    private void read(Taking taking) throws IOException {
      byte[] buffer = new byte[BUFFER];
      try (FileChannel channel =
              FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
          InputStream in = Channels.newInputStream(channel.position(from))) {
        long left = length;
        while (left > 0) {
          int n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
          if (n < 0) {
            throw new IOException(path + " became shorter");
          }
          taking.take(buffer, n);
          left -= n;
        }
      }
    }
  }
}
