package dev.salvor.common.format.weights;

import dev.salvor.common.format.Content;
import dev.salvor.common.format.Cursor;
import dev.salvor.common.format.DamagedException;
import dev.salvor.common.format.Format;
import dev.salvor.common.format.Inspection;
import dev.salvor.common.format.Verdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// ONNX: a protobuf ModelProto to its last byte, whose large tensors may lie in files beside it
/// (onnx/onnx, docs/ExternalData.md).
public final class OnnxFormat implements Format {
  private static final int MODEL_IR_VERSION = 1;
  private static final int MODEL_GRAPH = 7;
  private static final int MODEL_FUNCTIONS = 25;
  private static final int GRAPH_NODE = 1;
  private static final int GRAPH_INITIALIZER = 5;
  private static final int GRAPH_SPARSE = 15;
  private static final int NODE_ATTRIBUTE = 5;
  private static final int FUNCTION_NODE = 7;
  private static final int ATTRIBUTE_TENSOR = 5;
  private static final int ATTRIBUTE_GRAPH = 6;
  private static final int ATTRIBUTE_TENSORS = 10;
  private static final int ATTRIBUTE_GRAPHS = 11;

  /// Graphs inside graphs are loops and branches; deeper is an attack on the stack.
  private static final int MAX_DEPTH = 24;

  @Override
  public String name() {
    return "onnx";
  }

  @Override
  public boolean isContentOf(Content content) throws IOException {
    return content.headByte(0) == 0x08
        && content.headByte(2) == 0x12
        && ProtobufKind.of(content) == ProtobufKind.ONNX_MODEL;
  }

  @Override
  public boolean isNameOf(Content content) {
    return content.named(".onnx");
  }

  @Override
  public Inspection inspect(Content content) throws IOException {
    Walk walk = new Walk(content);
    Protobuf message = new Protobuf(Cursor.littleEndian(content, 0, content.size()));
    message.message(content.size(), walk::model);
    if (!walk.irVersion || !walk.graph) {
      throw new DamagedException("A protobuf message, but not an ONNX model");
    }
    List<String> reasons = new ArrayList<>(walk.missing);
    Verdict verdict = walk.missing.isEmpty() ? Verdict.ACCEPT : Verdict.REJECT_INCOMPLETE;
    if (content.size() > Integer.MAX_VALUE) {
      verdict = verdict.worst(Verdict.REJECT_CORRUPT);
      reasons.add("Over 2 GiB, which no protobuf reader opens: large tensors belong beside it");
    }
    if (walk.stripped > 0) {
      reasons.add(walk.stripped + " tensors have a shape and no data");
    }
    if (walk.notFinite > 0) {
      reasons.add(walk.notFinite + " tensors hold numbers that are not finite");
    }
    return Inspection.of(verdict, name(), walk.tensors, reasons);
  }

  /// One walk over a model.
  private static final class Walk {
    private static final int MAX_MISSING = 20;

    private final Content content;
    private final List<String> missing = new ArrayList<>();
    private boolean irVersion;
    private boolean graph;
    private long tensors;
    private long stripped;
    private long notFinite;
    private int depth;

    Walk(Content content) {
      this.content = content;
    }

    private void model(int field, int wire, Protobuf in) throws IOException {
      if (field == MODEL_IR_VERSION && wire == Protobuf.VARINT) {
        irVersion = true;
      } else if (field == MODEL_GRAPH && wire == Protobuf.BYTES) {
        graph = true;
        in.inner(this::graph);
      } else if (field == MODEL_FUNCTIONS && wire == Protobuf.BYTES) {
        in.inner(this::function);
      }
    }

    private void function(int field, int wire, Protobuf in) throws IOException {
      if (field == FUNCTION_NODE && wire == Protobuf.BYTES) {
        in.inner(this::node);
      }
    }

    private void graph(int field, int wire, Protobuf in) throws IOException {
      if (wire != Protobuf.BYTES) {
        return;
      }
      switch (field) {
        case GRAPH_NODE -> in.inner(this::node);
        case GRAPH_INITIALIZER -> tensor(in);
        case GRAPH_SPARSE -> in.inner(this::sparse);
        default -> {}
      }
    }

    private void sparse(int field, int wire, Protobuf in) throws IOException {
      if (wire == Protobuf.BYTES && field <= 2) {
        tensor(in);
      }
    }

    private void node(int field, int wire, Protobuf in) throws IOException {
      if (field == NODE_ATTRIBUTE && wire == Protobuf.BYTES) {
        if (++depth > MAX_DEPTH) {
          throw new DamagedException("ONNX graphs nested deeper than " + MAX_DEPTH);
        }
        in.inner(this::attribute);
        depth--;
      }
    }

    private void attribute(int field, int wire, Protobuf in) throws IOException {
      if (wire != Protobuf.BYTES) {
        return;
      }
      switch (field) {
        case ATTRIBUTE_TENSOR, ATTRIBUTE_TENSORS -> tensor(in);
        case ATTRIBUTE_GRAPH, ATTRIBUTE_GRAPHS -> in.inner(this::graph);
        default -> {}
      }
    }

    private void tensor(Protobuf in) throws IOException {
      OnnxTensor tensor = new OnnxTensor(content);
      in.inner(tensor::field);
      tensor.check();
      tensors++;
      stripped += tensor.isStripped() ? 1 : 0;
      notFinite += tensor.isFinite() ? 0 : 1;
      if (tensor.missing().isPresent() && missing.size() < MAX_MISSING) {
        missing.add(tensor.missing().get());
      }
    }
  }
}
