package dev.salvor.common.inspect;

import dev.salvor.common.format.Content;
import dev.salvor.common.format.Format;
import dev.salvor.common.format.Inspection;
import dev.salvor.common.format.JsonReader;
import java.io.IOException;

/// A JSON file of a checkpoint (configuration, trainer state, Orbax's notes): one value or, as
/// loggers write, several, to the last byte.
final class JsonFormat implements Format {
  @Override
  public String name() {
    return "json";
  }

  @Override
  public boolean isContentOf(Content content) {
    return false;
  }

  @Override
  public boolean isNameOf(Content content) {
    return content.named(".json")
        || switch (content.fileName()) {
          case "_metadata", "_sharding", "_checkpoint_metadata" -> content.headByte(0) == '{';
          case ".zarray", ".zgroup", ".zattrs", ".zmetadata" -> true;
          default -> false;
        };
  }

  @Override
  public Inspection inspect(Content content) throws IOException {
    JsonReader json = new JsonReader(content.stream(0, content.size()));
    do {
      json.skip();
    } while (json.peekValue() >= 0);
    return Inspection.accepted(name());
  }
}
