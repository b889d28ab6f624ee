package dev.salvor.controller.intake;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnsafeByteOperations;
import dev.salvor.proto.v1.CargoDown;
import dev.salvor.proto.v1.CargoGrpc;
import dev.salvor.proto.v1.CargoUp;
import io.grpc.Detachable;
import io.grpc.HasByteBuffer;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// A box's message whose block still lies where the line has decrypted it: nothing of it is copied
/// before it is hashed and written. Whoever takes one closes it.
record LineMemory(CargoUp message, InputStream memory) implements AutoCloseable {

  /// The copy-out whose messages are read so.
  static MethodDescriptor<LineMemory, CargoDown> copyOut() {
    return CargoGrpc.getCopyOutMethod().toBuilder(
            new InPlace(), CargoGrpc.getCopyOutMethod().getResponseMarshaller())
        .build();
  }

  @Override
  public void close() {
    try {
      memory.close();
    } catch (IOException e) {
      throw new IllegalStateException("Memory is given back without a disk or a line", e);
    }
  }

  /// Reads messages in place where the transport lets it, else as ever.
  private static final class InPlace implements MethodDescriptor.Marshaller<LineMemory> {
    private final MethodDescriptor.Marshaller<CargoUp> plain =
        CargoGrpc.getCopyOutMethod().getRequestMarshaller();

    @Override
    public InputStream stream(LineMemory value) {
      return plain.stream(value.message());
    }

    @Override
    public LineMemory parse(InputStream stream) {
      boolean inPlace =
          stream instanceof Detachable
              && stream instanceof HasByteBuffer buffers
              && buffers.byteBufferSupported();
      if (!inPlace) {
        return new LineMemory(plain.parse(stream), new ByteArrayInputStream(new byte[0]));
      }
      InputStream memory = ((Detachable) stream).detach();
      try {
        return new LineMemory(parsed(memory), memory);
      } catch (IOException | RuntimeException e) {
        new LineMemory(CargoUp.getDefaultInstance(), memory).close();
        throw Status.INTERNAL
            .withDescription("Not a message of a copy-out")
            .withCause(e)
            .asRuntimeException();
      }
    }

    private static CargoUp parsed(InputStream memory) throws IOException {
      // Without a mark, what is skipped would be given back at once.
      memory.mark(memory.available());
      List<ByteString> pieces = new ArrayList<>();
      while (memory.available() > 0) {
        ByteBuffer piece = ((HasByteBuffer) memory).getByteBuffer();
        if (piece == null || memory.skip(piece.remaining()) != piece.remaining()) {
          throw new IOException("The line's memory ended early");
        }
        pieces.add(UnsafeByteOperations.unsafeWrap(piece));
      }
      CodedInputStream in = ByteString.copyFrom(pieces).newCodedInput();
      in.enableAliasing(true);
      CargoUp message = CargoUp.parseFrom(in);
      in.checkLastTagWas(0);
      return message;
    }
  }
}
