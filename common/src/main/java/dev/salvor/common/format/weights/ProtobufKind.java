package dev.salvor.common.format.weights;

import dev.salvor.common.format.Content;
import dev.salvor.common.format.Cursor;
import dev.salvor.common.format.DamagedException;
import java.io.EOFException;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/// Which message a protobuf file is, told by its outermost fields: protobuf itself does not say.
enum ProtobufKind {
  ONNX_MODEL,
  TENSOR,
  SAVED_MODEL,
  GRAPH_DEF,
  /// Protobuf to its last byte, of no known kind.
  OTHER,
  NOT_PROTOBUF;

  /// More fields than this at the outside are not looked at to tell the kind.
  private static final int MAX_FIELDS = 1000;

  static ProtobufKind of(Content content) throws IOException {
    Set<String> fields = new HashSet<>();
    try {
      Protobuf message = new Protobuf(Cursor.littleEndian(content, 0, content.size()));
      message.message(
          content.size(),
          (field, wire, in) -> {
            if (fields.size() < MAX_FIELDS) {
              fields.add(field + ":" + wire);
            }
          });
    } catch (DamagedException | EOFException e) {
      return NOT_PROTOBUF;
    }
    if (fields.contains("1:0") && fields.contains("7:2")) {
      return ONNX_MODEL;
    }
    if (fields.contains("1:0") && Set.of("1:0", "2:2").equals(fields)) {
      return SAVED_MODEL;
    }
    if (fields.contains("2:0") && (fields.contains("1:0") || fields.contains("1:2"))) {
      return TENSOR;
    }
    boolean nodes =
        fields.contains("1:2") && Set.of("1:2", "2:2", "3:0", "4:2").containsAll(fields);
    return nodes ? GRAPH_DEF : OTHER;
  }
}
