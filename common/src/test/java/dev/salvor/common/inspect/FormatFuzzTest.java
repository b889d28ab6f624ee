package dev.salvor.common.inspect;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.salvor.common.format.Content;
import dev.salvor.common.format.torch.DcpMetadata;
import java.io.IOException;

/// Every reader on any bytes: a verdict in bounded time, or the declared exception, and nothing
/// else. The normal build runs the seeds; `JAZZER_FUZZ=1` fuzzes one method (docs/HACKING.md).
final class FormatFuzzTest {
  private static final String MINUTES = "1m";

  private static void judge(String name, byte[] bytes) throws IOException {
    FormatCheck.inspect(Content.of(bytes, name));
  }

  @FuzzTest(maxDuration = MINUTES)
  void safetensors(byte[] bytes) throws IOException {
    judge("x.safetensors", bytes);
  }

  @FuzzTest(maxDuration = MINUTES)
  void torch(byte[] bytes) throws IOException {
    judge("x.pt", bytes);
  }

  @FuzzTest(maxDuration = MINUTES)
  void pickle(byte[] bytes) throws IOException {
    judge("x.pkl", bytes);
  }

  @FuzzTest(maxDuration = MINUTES)
  void joblib(byte[] bytes) throws IOException {
    judge("x.joblib", bytes);
  }

  @FuzzTest(maxDuration = MINUTES)
  void zip(byte[] bytes) throws IOException {
    judge("x.keras", bytes);
    judge("x.npz", bytes);
  }

  @FuzzTest(maxDuration = MINUTES)
  void npy(byte[] bytes) throws IOException {
    judge("x.npy", bytes);
  }

  @FuzzTest(maxDuration = MINUTES)
  void gguf(byte[] bytes) throws IOException {
    judge("x.gguf", bytes);
  }

  @FuzzTest(maxDuration = MINUTES)
  void onnx(byte[] bytes) throws IOException {
    judge("x.onnx", bytes);
    judge("x.pb", bytes);
  }

  @FuzzTest(maxDuration = MINUTES)
  void hdf5(byte[] bytes) throws IOException {
    judge("x.h5", bytes);
  }

  @FuzzTest(maxDuration = MINUTES)
  void bundle(byte[] bytes) throws IOException {
    judge("x.index", bytes);
  }

  @FuzzTest(maxDuration = MINUTES)
  void ocdbt(byte[] bytes) throws IOException {
    judge("manifest.ocdbt", bytes);
  }

  @FuzzTest(maxDuration = MINUTES)
  void msgpack(byte[] bytes) throws IOException {
    judge("x.msgpack", bytes);
  }

  @FuzzTest(maxDuration = MINUTES)
  void json(byte[] bytes) throws IOException {
    judge("x.json", bytes);
    judge("model.safetensors.index.json", bytes);
  }

  @FuzzTest(maxDuration = MINUTES)
  void metadata(byte[] bytes) throws IOException {
    try {
      DcpMetadata.read(Content.of(bytes, ".metadata"));
    } catch (dev.salvor.common.format.DamagedException | java.io.EOFException e) {
      // Declared.
    }
  }

  @FuzzTest(maxDuration = MINUTES)
  void anything(byte[] bytes) throws IOException {
    judge("x", bytes);
  }
}
