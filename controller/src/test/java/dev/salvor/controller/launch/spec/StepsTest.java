package dev.salvor.controller.launch.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.common.unit.Sha256;
import dev.salvor.controller.testing.Needs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The rendered steps, run by bash itself, on real repositories and files.
class StepsTest {
  private static final long PATIENCE_SECONDS = 60;

  @TempDir Path dir;

  /// How a step ended, and what it said.
  private record Ended(int code, String said) {}

  @BeforeAll
  static void tools() {
    Needs.tool("git");
    Needs.tool("curl");
  }

  @Test
  void each_start_has_a_clean_clone_in_the_same_directory() throws Exception {
    Path bare = repository();
    Path to = dir.resolve("it's app");
    Files.createDirectories(to.resolve(".salvor/tmp"));
    Object inode = Files.getAttribute(to, "unix:ino");
    Setup.Code code = new Setup.Code(bare.toString(), "main", to.toString());
    Steps.Rendered steps = Steps.render(with(code));
    assertThat(steps.first()).isEqualTo(steps.resume()).hasSize(1);

    Ended first = run(steps.first().getFirst(), to);
    assertThat(first.code()).as(first.said()).isZero();
    assertThat(first.said()).contains("code at ");
    assertThat(to.resolve("train.sh")).hasContent("echo v1");
    assertThat(to.resolve(".git")).isDirectory();

    Files.writeString(to.resolve("left-over"), "x");
    commit(bare, "echo v2");
    Ended again = run(steps.resume().getFirst(), to);
    assertThat(again.code()).as(again.said()).isZero();
    assertThat(to.resolve("train.sh")).hasContent("echo v2");
    assertThat(to.resolve("left-over")).doesNotExist();
    assertThat(to.resolve(".salvor/tmp")).isDirectory();
    assertThat(Files.getAttribute(to, "unix:ino")).isEqualTo(inode);
    assertThat(dir.resolve("it's app.clone")).doesNotExist();
  }

  @Test
  void a_token_in_a_repositorys_address_is_a_variable_until_it_runs() throws Exception {
    Path bare = repository();
    String address = "file://${PLACE}" + bare;
    String step =
        Steps.render(with(new Setup.Code(address, "", dir.resolve("app").toString())))
            .first()
            .getFirst();
    assertThat(step).contains("\"${PLACE}\"");
    Ended ended = run(step, dir);
    assertThat(ended.code()).as(ended.said()).isZero();
    assertThat(dir.resolve("app/train.sh")).exists();
  }

  @Test
  void a_fetch_that_broke_off_goes_on_where_it_was() throws Exception {
    Path source = dir.resolve("set 'a'.bin");
    Files.writeString(source, "0123456789");
    Path to = dir.resolve("data/set.bin");
    Files.createDirectories(to.getParent());
    Files.writeString(dir.resolve("data/set.bin.part"), "01234");
    Ended ended = run(url(source, to, ""), dir);
    assertThat(ended.code()).as(ended.said()).isZero();
    assertThat(to).hasContent("0123456789");
    assertThat(dir.resolve("data/set.bin.part")).doesNotExist();

    Files.delete(source);
    assertThat(run(url(source, to, ""), dir).code()).as("it is there already").isZero();
  }

  @Test
  void bytes_that_are_not_the_promised_ones_are_fetched_anew() throws Exception {
    Path source = dir.resolve("set.bin");
    Files.writeString(source, "0123456789");
    Path to = dir.resolve("data/set.bin");
    Files.createDirectories(to.getParent());
    Files.writeString(dir.resolve("data/set.bin.part"), "XXXXX");
    String sha = Sha256.of("0123456789".getBytes(StandardCharsets.UTF_8)).hex();
    Ended ended = run(url(source, to, sha), dir);
    assertThat(ended.code()).as(ended.said()).isZero();
    assertThat(ended.said()).contains("not the promised bytes");
    assertThat(to).hasContent("0123456789");
  }

  @Test
  void a_link_is_made_again_and_never_in_the_place_of_a_file() throws Exception {
    Path target = Files.createDirectory(dir.resolve("real data"));
    Path at = dir.resolve("app/data");
    String step =
        Steps.render(with(new Setup.Data.Link(target.toString(), at.toString())))
            .first()
            .getFirst();
    assertThat(run(step, dir).code()).isZero();
    assertThat(run(step, dir).code()).isZero();
    assertThat(Files.readSymbolicLink(at)).isEqualTo(target);
    Files.delete(at);
    Files.createDirectory(at);
    Files.writeString(at.resolve("mine"), "x");
    Ended ended = run(step, dir);
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.said()).contains("is no link");
    assertThat(at.resolve("mine")).exists();
  }

  /// A program of that name that tells how it was called.
  @Test
  void rclone_and_pip_are_called_with_the_words_that_were_meant() throws Exception {
    program(
        "rclone", "printf '<%s>' \"$@\"; env | grep ^RCLONE_CONFIG_SALVOR | sort | tr '\\n' ' '");
    program("python3", "printf '<%s>' \"$@\"");
    Setup setup =
        new Setup(
            Optional.empty(),
            new Setup.Pip(List.of("torch>=2", "a[b]"), "req uirements.txt"),
            List.of("echo 'it'\"'\"'s \"nested\"'"),
            List.of(
                new Setup.Data.Rclone("b2:set/a b", "/data/a b"),
                new Setup.Data.S3("bucket/val", "https://s3.example.org", "/data/val")),
            List.of(),
            List.of());
    List<String> steps = Steps.render(setup).first();
    assertThat(run(steps.get(0), dir).said()).contains("<install>", "<torch>=2><a[b]>");
    assertThat(run(steps.get(1), dir).said()).contains("<-r><req uirements.txt>");
    assertThat(run(steps.get(2), dir).said()).isEqualTo("it's \"nested\"\n");
    assertThat(run(steps.get(3), dir).said()).contains("<--><b2:set/a b></data/a b>");
    assertThat(run(steps.get(4), dir).said())
        .contains("<salvor:bucket/val></data/val>")
        .contains("_ENDPOINT=https://s3.example.org", "_ENV_AUTH=true", "_TYPE=s3");
    assertThat(Steps.render(setup).resume()).containsExactly(steps.get(1));
  }

  private static Setup with(Setup.Code code) {
    return new Setup(Optional.of(code), Setup.Pip.NONE, List.of(), List.of(), List.of(), List.of());
  }

  private static Setup with(Setup.Data data) {
    return new Setup(
        Optional.empty(), Setup.Pip.NONE, List.of(), List.of(data), List.of(), List.of());
  }

  private static String url(Path source, Path to, String sha) {
    String url = "file://" + source.toString().replace(" ", "%20").replace("'", "%27");
    return Steps.render(with(new Setup.Data.Url(url, to.toString(), sha))).first().getFirst();
  }

  private void program(String name, String body) throws IOException {
    Path bin = Files.createDirectories(dir.resolve("bin"));
    Path program = Files.writeString(bin.resolve(name), "#!/bin/bash\n" + body + "\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
  }

  /// A bare repository with one commit on main.
  private Path repository() throws Exception {
    Path bare = dir.resolve("origin.git");
    git("git init -q --bare -b main '%s'".formatted(bare));
    commit(bare, "echo v1");
    return bare;
  }

  private void commit(Path bare, String script) throws Exception {
    Path work = dir.resolve("work");
    git(
        """
        rm -rf '%2$s' && { git clone -q '%1$s' '%2$s' 2>/dev/null; cd '%2$s' && git checkout -q -B main &&
        printf '%%s' '%3$s' >train.sh && git add . && git commit -q -m x && git push -q origin main; }
        """
            .formatted(bare, work, script));
  }

  private void git(String command) throws Exception {
    Ended ended = run(command, dir);
    assertThat(ended.code()).as(ended.said()).isZero();
  }

  /// As the box's shim runs a step.
  private Ended run(String step, Path in) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-c", step).directory(in.toFile()).redirectErrorStream(true);
    builder
        .environment()
        .putAll(
            Map.of(
                "PATH", dir.resolve("bin") + ":" + System.getenv("PATH"),
                "HOME", dir.toString(),
                "GIT_AUTHOR_NAME", "t",
                "GIT_AUTHOR_EMAIL", "t@example.org",
                "GIT_COMMITTER_NAME", "t",
                "GIT_COMMITTER_EMAIL", "t@example.org",
                "PLACE", ""));
    Path out = Files.createTempFile(dir, "out", "");
    Process process = builder.redirectOutput(out.toFile()).start();
    assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    return new Ended(process.exitValue(), Files.readString(out));
  }
}
