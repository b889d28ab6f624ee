package dev.salvor.common.format.weights;

import dev.salvor.common.format.ByteSearch;
import dev.salvor.common.format.Content;
import dev.salvor.common.format.DamagedException;
import dev.salvor.common.format.Format;
import dev.salvor.common.format.Inspection;
import dev.salvor.common.format.Verdict;
import java.io.IOException;

/// A file named .pb: TensorFlow's SavedModel or graph, an ONNX model, or something that merely
/// looks like one.
public final class ProtobufFormat implements Format {
  private final OnnxFormat onnx = new OnnxFormat();

  @Override
  public String name() {
    return "protobuf";
  }

  @Override
  public boolean isContentOf(Content content) {
    return false;
  }

  @Override
  public boolean isNameOf(Content content) {
    return content.named(".pb");
  }

  @Override
  public Inspection inspect(Content content) throws IOException {
    return switch (ProtobufKind.of(content)) {
      case ONNX_MODEL -> onnx.inspect(content);
      case SAVED_MODEL -> code("tf-saved-model", content);
      case GRAPH_DEF -> code("tf-graph", content);
      case TENSOR ->
          Inspection.of(Verdict.NOT_A_CHECKPOINT, name(), "One tensor as protobuf, not a model");
      case OTHER -> code(name(), content);
      case NOT_PROTOBUF -> throw new DamagedException("Not protobuf to its last byte");
    };
  }

  private static Inspection code(String format, Content content) throws IOException {
    Inspection found = Inspection.accepted(format);
    return ByteSearch.holds(content, Hdf5Format.LAMBDA)
        ? found.and(Verdict.ACCEPT_FLAG_CODE, "Carries a Keras Lambda layer, which is code")
        : found;
  }
}
