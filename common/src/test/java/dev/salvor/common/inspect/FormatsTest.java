package dev.salvor.common.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.format.Content;
import dev.salvor.common.format.Inspection;
import dev.salvor.common.format.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// Every format against the contract, and what is peculiar to some.
final class FormatsTest {
  private static final FormatContract.Promise STRICT = new FormatContract.Promise(true, true);
  private static final FormatContract.Promise BY_NAME = new FormatContract.Promise(false, true);
  private static final FormatContract.Promise LAX = new FormatContract.Promise(false, false);

  @Nested
  final class Safetensors extends FormatContract {
    Safetensors() {
      super("safetensors", Verdict.ACCEPT, STRICT, "weights.safetensors");
    }
  }

  @Nested
  final class TorchZip extends FormatContract {
    TorchZip() {
      super("pytorch-zip", Verdict.ACCEPT, STRICT, "torch_zip.pt", "not_finite.pt");
    }
  }

  @Nested
  final class TorchLegacy extends FormatContract {
    TorchLegacy() {
      super("pytorch-legacy", Verdict.ACCEPT, STRICT, "torch_legacy.pt");
    }
  }

  @Nested
  final class Pickle extends FormatContract {
    Pickle() {
      // Two pickles back to back: cut between them, one is whole.
      super("pickle", Verdict.ACCEPT, new FormatContract.Promise(true, false), "plain.pkl");
    }
  }

  @Nested
  final class Joblib extends FormatContract {
    Joblib() {
      super(
          "joblib",
          Verdict.ACCEPT_FLAG_IMPORTS,
          STRICT,
          "dump.joblib",
          "dump.joblib.gz",
          "dump.joblib.bz2",
          "dump.joblib.lz4");
    }
  }

  @Nested
  final class JoblibPacked extends FormatContract {
    JoblibPacked() {
      // Behind the last byte of the dump these have a few that hold no data.
      super(
          "joblib",
          Verdict.ACCEPT_FLAG_IMPORTS,
          new FormatContract.Promise(true, false),
          "dump.joblib.z",
          "dump.joblib.xz",
          "dump.joblib.lzma");
    }
  }

  @Nested
  final class Skops extends FormatContract {
    Skops() {
      super("skops", Verdict.ACCEPT_FLAG_IMPORTS, BY_NAME, "pipeline.skops");
    }
  }

  @Nested
  final class Npy extends FormatContract {
    Npy() {
      super("npy", Verdict.ACCEPT, STRICT, "array.npy");
    }
  }

  @Nested
  final class Npz extends FormatContract {
    Npz() {
      super("npz", Verdict.ACCEPT, BY_NAME, "arrays.npz");
    }
  }

  @Nested
  final class Gguf extends FormatContract {
    Gguf() {
      super("gguf", Verdict.ACCEPT, STRICT, "tiny.gguf");
    }
  }

  @Nested
  final class Onnx extends FormatContract {
    Onnx() {
      // Protobuf has no end: a message cut between two fields is a message.
      super("onnx", Verdict.ACCEPT, LAX, "tiny.onnx");
    }
  }

  @Nested
  final class SavedModel extends FormatContract {
    SavedModel() {
      super("tf-saved-model", Verdict.ACCEPT, LAX, "saved_model.pb");
    }
  }

  @Nested
  final class Hdf5 extends FormatContract {
    Hdf5() {
      super("hdf5", Verdict.ACCEPT, STRICT, "tiny.h5");
    }
  }

  @Nested
  final class Keras extends FormatContract {
    Keras() {
      super("keras", Verdict.ACCEPT, BY_NAME, "tiny.keras");
    }
  }

  @Nested
  final class KerasWithCode extends FormatContract {
    KerasWithCode() {
      super("keras", Verdict.ACCEPT_FLAG_CODE, BY_NAME, "lambda.keras");
    }
  }

  @Nested
  final class Bundle extends FormatContract {
    Bundle() {
      super("tf-bundle", Verdict.ACCEPT, new FormatContract.Promise(false, false), "ckpt-3.index");
    }
  }

  @Nested
  final class Ocdbt extends FormatContract {
    Ocdbt() {
      super("ocdbt", Verdict.ACCEPT, BY_NAME, "manifest.ocdbt");
    }
  }

  @Nested
  final class Msgpack extends FormatContract {
    Msgpack() {
      super("msgpack", Verdict.ACCEPT, BY_NAME, "tree.msgpack");
    }
  }

  @Nested
  final class Json extends FormatContract {
    Json() {
      super("json", Verdict.ACCEPT, BY_NAME, "config.json");
    }
  }

  private static Inspection inspect(String name, String latin1) throws IOException {
    return FormatCheck.inspect(Content.of(latin1.getBytes(StandardCharsets.ISO_8859_1), name));
  }

  @Test
  void a_step_inside_a_torch_file_is_found() throws IOException {
    for (String name : List.of("torch_zip.pt", "torch_legacy.pt")) {
      Inspection found = FormatCheck.inspect(Content.of(Samples.read(name), name));
      assertThat(found.step()).as(name).hasValue(7);
      assertThat(found.tensors()).as(name).isEqualTo(2);
    }
  }

  @Test
  void numbers_that_are_not_finite_are_counted_and_no_reason_to_refuse() throws IOException {
    Inspection found = FormatCheck.inspect(Content.of(Samples.read("not_finite.pt"), "x.pt"));
    assertThat(found.verdict()).isEqualTo(Verdict.ACCEPT);
    assertThat(found.reasons()).anyMatch(reason -> reason.startsWith("1 tensors hold numbers"));
  }

  @Test
  void a_shell_in_a_pickle_of_any_protocol_and_name_is_unsafe() throws IOException {
    for (String name : List.of("x.pkl", "x.pt", "x.bin", "x.ckpt")) {
      assertThat(inspect(name, "cos\nsystem\n(S'true'\ntR.").verdict())
          .as(name)
          .isEqualTo(Verdict.REJECT_UNSAFE);
    }
    String stackGlobal =
        "\u0080\u0004\u008c\u0005posix\u008c\u0006system\u0093\u008c\u0001x\u0085R.";
    assertThat(inspect("x", stackGlobal).verdict()).isEqualTo(Verdict.REJECT_UNSAFE);
  }

  @Test
  void an_import_whose_name_is_computed_is_unsafe() throws IOException {
    Inspection found = inspect("x.pkl", "\u0080\u0004\u008c\u0002osN\u0093.");
    assertThat(found.verdict()).isEqualTo(Verdict.REJECT_UNSAFE);
    assertThat(found.reasons()).anyMatch(reason -> reason.contains("computed"));
  }

  @Test
  void a_broken_pickle_that_imports_a_shell_is_unsafe_before_it_is_broken() throws IOException {
    assertThat(inspect("x.pkl", "cos\nsystem\n(S'true'\ntR").verdict())
        .isEqualTo(Verdict.REJECT_UNSAFE);
  }

  @Test
  void strings_piled_up_on_a_pickles_stack_are_dropped_and_make_imports_unresolvable()
      throws IOException {
    String text = "X\u00a0\u000f\0\0" + "a".repeat(4000);
    String pile = "\u0080\u0002" + text.repeat(5000);
    assertThat(inspect("x.pkl", pile + ".").verdict()).isEqualTo(Verdict.ACCEPT);
    assertThat(inspect("x.pkl", pile + "X\u0001\0\0\0aX\u0001\0\0\0b\u0093.").imports())
        .containsExactly("a.b");
    assertThat(inspect("x.pkl", pile + text + text + "\u0093.").verdict())
        .isEqualTo(Verdict.REJECT_UNSAFE);
  }

  @Test
  void impostors_are_named() throws IOException {
    assertThat(inspect("m.safetensors", "version https://git-lfs.github.com/spec/v1\n").format())
        .isEqualTo("lfs-pointer");
    assertThat(inspect("m.bin", "lmgg\u0001").verdict()).isEqualTo(Verdict.NOT_A_CHECKPOINT);
    assertThat(inspect("m.pt", "<!DOCTYPE html><html>").verdict())
        .isEqualTo(Verdict.NOT_A_CHECKPOINT);
    assertThat(inspect("m.pt", "").verdict()).isEqualTo(Verdict.REJECT_CORRUPT);
    assertThat(inspect("m.pt", "x".repeat(257) + "ustar").reasons().getFirst()).contains("tar");
  }

  @Test
  void the_largest_numbers_of_a_safetensors_header_are_no_way_around_it() throws IOException {
    String header =
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,0]}}";
    assertThat(
            inspect("x.safetensors", (char) header.length() + "\0\0\0\0\0\0\0" + header).reasons())
        .anyMatch(reason -> reason.startsWith("ValidationOverflow"));
    assertThat(inspect("x.safetensors", "\u00ff".repeat(8)).reasons().getFirst())
        .startsWith("HeaderTooLarge");
  }
}
