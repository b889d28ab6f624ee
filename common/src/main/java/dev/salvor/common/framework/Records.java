package dev.salvor.common.framework;

import dev.salvor.common.format.DamagedException;
import dev.salvor.common.format.JsonReader;
import dev.salvor.common.format.torch.TorchRecord;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipException;

/// Numbers and names out of the small records that frameworks keep; what does not parse is not
/// there (yet).
final class Records {
  private static final int MAX_NAME_CHARS = 4096;

  private Records() {}

  /// A whole number at the top of a JSON object; empty where the file is not a whole one.
  static OptionalLong number(Path json, String key) throws IOException {
    Map<String, Long> found = new HashMap<>();
    boolean whole =
        parsed(
            json,
            reader ->
                reader.object(name -> {
                  if (name.equals(key)) {
                    found.put(name, reader.unsigned());
                  } else {
                    reader.skip();
                  }
                }));
    Long number = found.get(key);
    return whole && number != null ? OptionalLong.of(number) : OptionalLong.empty();
  }

  /// The keys of the object under a key; empty where the file is not a whole one.
  static Optional<Set<String>> keysUnder(Path json, String key) throws IOException {
    Set<String> keys = new TreeSet<>();
    boolean whole =
        parsed(
            json,
            reader ->
                reader.object(name -> {
                  if (name.equals(key) && reader.peekValue() == '{') {
                    reader.object(inner -> {
                      keys.add(inner);
                      reader.skip();
                    });
                  } else {
                    reader.skip();
                  }
                }));
    return whole ? Optional.of(keys) : Optional.empty();
  }

  /// The strings of the object under a key, each once; empty where the file is not a whole one.
  static Optional<Set<String>> valuesUnder(Path json, String key) throws IOException {
    Set<String> values = new TreeSet<>();
    boolean whole =
        parsed(
            json,
            reader ->
                reader.object(name -> {
                  if (name.equals(key)) {
                    reader.object(inner -> values.add(reader.string(MAX_NAME_CHARS)));
                  } else {
                    reader.skip();
                  }
                }));
    return whole ? Optional.of(values) : Optional.empty();
  }

  /// Numbers right behind their names in a torch file's object; what is damaged ends the search.
  static Map<String, Long> torchNumbers(Path file, Set<String> names) throws IOException {
    NumberHunt hunt = new NumberHunt(names);
    try {
      TorchRecord.scan(file, hunt);
    } catch (DamagedException | EOFException | ZipException | NoSuchFileException e) {
      return hunt.found();
    }
    return hunt.found();
  }

  private interface Parsing {
    void parse(JsonReader reader) throws IOException;
  }

  private static boolean parsed(Path json, Parsing parsing) throws IOException {
    try (InputStream in = Files.newInputStream(json)) {
      JsonReader reader = new JsonReader(in);
      parsing.parse(reader);
      reader.end();
      return true;
    } catch (DamagedException | CharacterCodingException | NoSuchFileException e) {
      return false;
    }
  }
}
