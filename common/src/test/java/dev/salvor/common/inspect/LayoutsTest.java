package dev.salvor.common.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.format.Inspection;
import dev.salvor.common.format.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Frameworks' directories: whole ones are accepted with their step, half-written ones are not.
final class LayoutsTest {
  @TempDir Path temp;

  private Path text(String name, String content) throws IOException {
    Path file = temp.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }

  private Inspection judged() throws IOException {
    return DirectoryCheck.inspect(temp, "checkpoint-500");
  }

  private void trainer() throws IOException {
    Samples.put("weights.safetensors", temp.resolve("model.safetensors"));
    for (String name : new String[] {"optimizer.pt", "scheduler.pt", "training_args.bin"}) {
      Samples.put("torch_zip.pt", temp.resolve(name));
    }
    Samples.put("torch_zip.pt", temp.resolve("rng_state_0.pth"));
    Samples.put("torch_zip.pt", temp.resolve("rng_state_1.pth"));
    text("trainer_state.json", "{\"global_step\": 500, \"log_history\": [{\"loss\": NaN}]}");
  }

  @Test
  void a_trainers_checkpoint_is_whole_with_all_its_parts() throws IOException {
    trainer();
    Inspection found = judged();
    assertThat(found.verdict()).as(found.toString()).isEqualTo(Verdict.ACCEPT);
    assertThat(found.format()).isEqualTo("hf-trainer");
    assertThat(found.step()).hasValue(500);
  }

  @Test
  void a_trainers_checkpoint_lacks_whatever_is_taken_from_it() throws IOException {
    trainer();
    for (String name :
        new String[] {
          "trainer_state.json",
          "model.safetensors",
          "optimizer.pt",
          "scheduler.pt",
          "rng_state_0.pth"
        }) {
      byte[] bytes = Files.readAllBytes(temp.resolve(name));
      Files.delete(temp.resolve(name));
      assertThat(judged().verdict()).as("without " + name).isEqualTo(Verdict.REJECT_INCOMPLETE);
      Files.write(temp.resolve(name), bytes);
    }
    text("trainer_state.json", "{\"global_step\": 499}");
    assertThat(judged().verdict()).isEqualTo(Verdict.REJECT_CORRUPT);
    text("trainer_state.json", "{\"global_step\": 50");
    assertThat(judged().verdict().accepted()).isFalse();
  }

  private void shards() throws IOException {
    Samples.put("weights.safetensors", temp.resolve("model-00001-of-00001.safetensors"));
    text(
        "model.safetensors.index.json",
        """
        {"metadata": {"total_size": 20}, "weight_map": {
          "w": "model-00001-of-00001.safetensors", "b": "model-00001-of-00001.safetensors"}}\
        """);
  }

  @Test
  void a_shard_index_and_its_shards_must_say_the_same() throws IOException {
    shards();
    assertThat(judged().verdict()).isEqualTo(Verdict.ACCEPT);
    Path index = temp.resolve("model.safetensors.index.json");
    String good = Files.readString(index);
    Files.writeString(index, good.replace("\"b\"", "\"c\""));
    assertThat(judged().verdict()).isEqualTo(Verdict.REJECT_CORRUPT);
    Files.writeString(index, good.replace("20", "24"));
    assertThat(judged().verdict()).isEqualTo(Verdict.REJECT_CORRUPT);
    Files.writeString(index, good.replace("\"b\": \"model", "\"b\": \"../model"));
    assertThat(judged().verdict()).isEqualTo(Verdict.REJECT_CORRUPT);
    Files.writeString(index, good);
    Files.delete(temp.resolve("model-00001-of-00001.safetensors"));
    assertThat(judged().verdict()).isEqualTo(Verdict.REJECT_INCOMPLETE);
  }

  @Test
  void deepspeeds_tag_must_be_there_with_a_file_a_rank() throws IOException {
    text("latest", "global_step20");
    Path tag = temp.resolve("global_step20");
    Samples.put("torch_zip.pt", tag.resolve("mp_rank_00_model_states.pt"));
    Samples.put("torch_zip.pt", tag.resolve("bf16_zero_pp_rank_0_mp_rank_00_optim_states.pt"));
    Samples.put("torch_zip.pt", tag.resolve("bf16_zero_pp_rank_2_mp_rank_00_optim_states.pt"));
    assertThat(judged().verdict()).isEqualTo(Verdict.REJECT_INCOMPLETE);
    Samples.put("torch_zip.pt", tag.resolve("bf16_zero_pp_rank_1_mp_rank_00_optim_states.pt"));
    assertThat(judged().verdict()).isEqualTo(Verdict.ACCEPT);
    assertThat(judged().format()).isEqualTo("deepspeed");
    assertThat(judged().step()).hasValue(20);
    text("latest", "");
    assertThat(judged().verdict()).isEqualTo(Verdict.REJECT_INCOMPLETE);
  }

  @Test
  void megatrons_tracker_must_name_what_is_there() throws IOException {
    text("latest_checkpointed_iteration.txt", "500");
    Path rank = temp.resolve("iter_0000500/mp_rank_00");
    Samples.put("torch_zip.pt", rank.resolve("model_optim_rng.pt"));
    assertThat(judged().verdict()).isEqualTo(Verdict.ACCEPT);
    assertThat(judged().step()).hasValue(500);
    Files.createDirectories(temp.resolve("iter_0000500/mp_rank_01"));
    assertThat(judged().verdict()).isEqualTo(Verdict.REJECT_INCOMPLETE);
    text("latest_checkpointed_iteration.txt", "600");
    assertThat(judged().verdict()).isEqualTo(Verdict.REJECT_INCOMPLETE);
  }

  @Test
  void a_sharded_checkpoint_without_its_metadata_is_not_finished() throws IOException {
    Samples.put("torch_zip.pt", temp.resolve("__0_0.distcp"));
    text(".metadata.tmp", "");
    assertThat(judged().verdict()).isEqualTo(Verdict.REJECT_INCOMPLETE);
    Samples.put("torch_zip.pt", temp.resolve("meta.pt"));
    assertThat(judged().verdict()).isEqualTo(Verdict.REJECT_INCOMPLETE);
  }

  @Test
  void lightnings_step_is_the_one_inside() throws IOException {
    Samples.put("torch_zip.pt", temp.resolve("last.ckpt"));
    assertThat(judged().format()).isEqualTo("lightning");
    assertThat(judged().step()).hasValue(7);
  }

  @Test
  void tensorflows_state_file_must_name_what_is_there() throws IOException {
    Samples.put("ckpt-3.index", temp.resolve("ckpt-3.index"));
    Path data =
        Samples.put("ckpt-3.data-00000-of-00001", temp.resolve("ckpt-3.data-00000-of-00001"));
    text("checkpoint", "model_checkpoint_path: \"ckpt-3\"\n");
    assertThat(judged().verdict()).isEqualTo(Verdict.ACCEPT);
    byte[] bytes = Files.readAllBytes(data);
    bytes[14] ^= 1;
    Files.write(data, bytes);
    assertThat(judged().reasons()).anyMatch(reason -> reason.contains("The CRC of tensor b"));
    Files.delete(data);
    assertThat(judged().verdict()).isEqualTo(Verdict.REJECT_INCOMPLETE);
    text("checkpoint", "model_checkpoint_path: \"ckpt-4\"\n");
    assertThat(judged().reasons()).anyMatch(reason -> reason.contains("ckpt-4"));
  }

  @Test
  void orbax_without_its_rename_or_its_metadata_is_not_finished() throws IOException {
    Samples.put("manifest.ocdbt", temp.resolve("3.orbax-checkpoint-tmp-1/state/manifest.ocdbt"));
    Samples.put("manifest.ocdbt", temp.resolve("3.orbax-checkpoint-tmp-1/state/d/00"));
    text("3.orbax-checkpoint-tmp-1/state/_METADATA", "{}");
    assertThat(judged().verdict()).isEqualTo(Verdict.REJECT_INCOMPLETE);
    Files.move(temp.resolve("3.orbax-checkpoint-tmp-1"), temp.resolve("3"));
    assertThat(judged().verdict()).as(judged().toString()).isEqualTo(Verdict.ACCEPT);
    text("3/orbax.checkpoint", "");
    assertThat(judged().verdict()).isEqualTo(Verdict.REJECT_INCOMPLETE);
  }

  @Test
  void external_data_of_onnx_must_be_there_and_long_enough() throws IOException {
    // A TensorProto "w" of one float whose data is external: location "w.bin", offset 8, length 4.
    String entry = "j\u0011\n\blocation\u0012\u0005w.bin" + "j\u000b\n\u0006offset\u0012\u00018";
    String tensor = "\b\u0001\u0010\u0001B\u0001w" + entry + "p\u0001";
    String graph = "\u0012\u0001g*" + (char) tensor.length() + tensor;
    String model = "\b\b:" + (char) graph.length() + graph;
    Files.write(
        temp.resolve("m.onnx"), model.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
    assertThat(judged().verdict()).as(judged().toString()).isEqualTo(Verdict.REJECT_INCOMPLETE);
    Files.write(temp.resolve("w.bin"), new byte[11]);
    assertThat(judged().verdict()).isEqualTo(Verdict.REJECT_CORRUPT);
    Files.write(temp.resolve("w.bin"), new byte[12]);
    assertThat(judged().verdict()).as(judged().toString()).isEqualTo(Verdict.ACCEPT);
  }

  @Test
  void links_are_followed_and_links_to_nothing_are_a_missing_part() throws IOException {
    Path own = Files.createDirectory(temp.resolve("snapshot"));
    Path blob = Samples.put("weights.safetensors", temp.resolve("blobs/1234"));
    Files.createSymbolicLink(own.resolve("model.safetensors"), blob);
    assertThat(DirectoryCheck.inspect(own, "snapshot").format()).isEqualTo("safetensors");
    Files.delete(blob);
    assertThat(DirectoryCheck.inspect(own, "snapshot").verdict())
        .isEqualTo(Verdict.REJECT_INCOMPLETE);
  }

  @Test
  void what_is_of_no_known_format_is_a_part_and_never_a_checkpoint() throws IOException {
    text("notes.txt", "hello");
    assertThat(judged().verdict()).isEqualTo(Verdict.ACCEPT);
    assertThat(PathCheck.inspect(temp).verdict()).isEqualTo(Verdict.NOT_A_CHECKPOINT);
    assertThat(PathCheck.inspect(temp.resolve("notes.txt")).verdict())
        .isEqualTo(Verdict.NOT_A_CHECKPOINT);
    Samples.put("torch_zip.pt", temp.resolve("model.pt"));
    assertThat(PathCheck.inspect(temp).verdict()).isEqualTo(Verdict.ACCEPT);
  }
}
