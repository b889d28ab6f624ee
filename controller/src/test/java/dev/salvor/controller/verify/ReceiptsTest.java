package dev.salvor.controller.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.salvor.common.checkpoint.Completeness;
import dev.salvor.common.checkpoint.FileEntry;
import dev.salvor.common.checkpoint.Manifest;
import dev.salvor.common.checkpoint.Unit;
import dev.salvor.common.checkpoint.UnitId;
import dev.salvor.common.checkpoint.UnitKind;
import dev.salvor.common.format.Verdict;
import dev.salvor.common.unit.RunId;
import dev.salvor.common.unit.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReceiptsTest {
  private static final String HEADER =
      "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}";

  @TempDir Path temp;
  private Path data = Path.of("unset");
  private Unit unit = unit(UnitKind.CHECKPOINT, "model.safetensors", safetensors());

  @BeforeEach
  void write_the_unit() throws IOException {
    data = Files.createDirectories(temp.resolve("unit/data"));
    Files.write(data.resolve("model.safetensors"), safetensors());
  }

  private static byte[] safetensors() {
    byte[] header = HEADER.getBytes(StandardCharsets.UTF_8);
    ByteBuffer file = ByteBuffer.allocate(8 + header.length + 8).order(ByteOrder.LITTLE_ENDIAN);
    return file.putLong(header.length).put(header).putLong(0x3f8000003f800000L).array();
  }

  private static Unit unit(UnitKind kind, String path, byte[] content) {
    Manifest manifest =
        new Manifest(
            "/work/ckpt", List.of(new FileEntry(path, content.length, Sha256.of(content))));
    return new Unit(
        new UnitId(1, 2, 3, manifest.digest()),
        kind,
        "safetensors",
        1000,
        Completeness.COMMITTED,
        manifest,
        Instant.EPOCH);
  }

  private Path receipt(ReceiptKey key) throws IOException {
    Verification proof = new Verifier().verify(unit, data);
    Receipt receipt =
        new Receipt(
            new RunId("demo"), "salvor:f:demo:1:a", unit, "/kept/demo", proof, Instant.EPOCH);
    return Files.writeString(temp.resolve("unit/receipt.json"), Receipts.write(receipt, key));
  }

  @Test
  void a_receipt_verifies_against_its_data_and_a_reread_key() throws IOException {
    Path receipt = receipt(ReceiptKey.of(temp.resolve("state")));
    ReceiptKey again = ReceiptKey.of(temp.resolve("state"));
    assertThat(Receipts.verify(receipt, again.publicKey()))
        .isEqualTo(new Receipts.Check.Valid(unit.id().toString(), 1000, 1));
    Path published = temp.resolve("state/receipt-key.pub.pem");
    assertThat(ReceiptKey.readPublic(published)).isEqualTo(again.publicKey());
    Path secret = temp.resolve("state/receipt-key.pem");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
        .isEqualTo("rw-------");
  }

  @Test
  void a_receipt_whose_data_changed_is_refused() throws IOException {
    ReceiptKey key = ReceiptKey.of(temp.resolve("state"));
    Path receipt = receipt(key);
    Path file = data.resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] ^= 1;
    Files.write(file, bytes);
    assertThat(Receipts.verify(receipt, key.publicKey()))
        .isInstanceOf(Receipts.Check.Refused.class);
  }

  @Test
  void a_file_more_or_less_is_refused() throws IOException {
    ReceiptKey key = ReceiptKey.of(temp.resolve("state"));
    Path receipt = receipt(key);
    Files.writeString(data.resolve("extra"), "x");
    assertThat(Receipts.verify(receipt, key.publicKey()))
        .isEqualTo(new Receipts.Check.Refused("Not the bytes that were receipted: extra"));
    Files.delete(data.resolve("extra"));
    Files.delete(data.resolve("model.safetensors"));
    assertThat(Receipts.verify(receipt, key.publicKey()))
        .isInstanceOf(Receipts.Check.Refused.class);
  }

  @Test
  void a_receipt_edited_or_signed_by_another_is_refused() throws IOException {
    ReceiptKey key = ReceiptKey.of(temp.resolve("state"));
    Path receipt = receipt(key);
    ReceiptKey other = ReceiptKey.of(temp.resolve("other"));
    assertThat(Receipts.verify(receipt, other.publicKey()))
        .isInstanceOf(Receipts.Check.Refused.class);
    String text = Files.readString(receipt);
    Files.writeString(receipt, text.replace("1000", "9000"));
    assertThat(Receipts.verify(receipt, key.publicKey()))
        .isInstanceOf(Receipts.Check.Refused.class);
    Files.writeString(receipt, "not json");
    assertThat(Receipts.verify(receipt, key.publicKey()))
        .isInstanceOf(Receipts.Check.Refused.class);
  }

  @Test
  void a_torn_checkpoint_is_refused_even_where_its_digest_matches() throws IOException {
    byte[] whole = safetensors();
    byte[] torn = java.util.Arrays.copyOf(whole, whole.length - 3);
    Files.write(data.resolve("model.safetensors"), torn);
    unit = unit(UnitKind.CHECKPOINT, "model.safetensors", torn);
    Verification proof = new Verifier().verify(unit, data);
    assertThat(proof.verdict()).isEqualTo(Verdict.REJECT_CORRUPT);
    assertThatThrownBy(() -> receipt(ReceiptKey.of(temp.resolve("state"))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void results_are_kept_whatever_they_are_and_what_they_are_is_told() throws IOException {
    byte[] pickle = "cos\nsystem\n(S'true'\ntR.".getBytes(StandardCharsets.US_ASCII);
    Files.delete(data.resolve("model.safetensors"));
    Files.write(data.resolve("out.pkl"), pickle);
    unit = unit(UnitKind.RESULTS, "out.pkl", pickle);
    Verification results = new Verifier().verify(unit, data);
    assertThat(results.accepted()).isTrue();
    assertThat(results.imports()).containsExactly("os.system");
    unit = unit(UnitKind.CHECKPOINT, "out.pkl", pickle);
    assertThat(new Verifier().verify(unit, data).verdict()).isEqualTo(Verdict.REJECT_UNSAFE);
  }
}
