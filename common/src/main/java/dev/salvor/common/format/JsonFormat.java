package dev.salvor.common.format;

import java.io.IOException;
import java.util.List;

/// A JSON file of a checkpoint (configuration, trainer state, shard index): must parse to its end.
final class JsonFormat implements Format {
  @Override
  public String name() {
    return "json";
  }

  @Override
  public boolean recognises(Content content) {
    return content.fileName().endsWith(".json");
  }

  @Override
  public Inspection inspect(Content content) throws IOException {
    JsonReader json = new JsonReader(content.stream(0, content.size()));
    json.skip();
    json.end();
    return new Inspection(Verdict.ACCEPT, name(), 0, List.of(), List.of());
  }
}
