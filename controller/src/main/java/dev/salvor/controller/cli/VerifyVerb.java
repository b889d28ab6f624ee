package dev.salvor.controller.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.salvor.common.format.Inspection;
import dev.salvor.common.framework.Names;
import dev.salvor.common.inspect.PathCheck;
import dev.salvor.controller.view.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `salvor verify`: whether a checkpoint opens, by reading it. Needs no controller, no Python and
/// no torch, and executes nothing of what it reads.
@Command(
    name = "verify",
    description = {
      "Tell whether checkpoints are whole, by reading them; nothing in them is executed.",
      "A directory is judged as one checkpoint. Exit status 0 when all are accepted, else 3."
    })
final class VerifyVerb implements Callable<Integer> {
  /// Names that say a step; other digits in a name may mean anything.
  private static final Pattern STEP_NAMED =
      Pattern.compile("(?i).*(step|checkpoint|ckpt|iter)[-_=]?[0-9].*");

  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,18}");

  @Mixin final Where where = new Where();

  @Parameters(arity = "1..*", paramLabel = "PATH", description = "files and directories")
  List<Path> paths = List.of();

  private final Session session;

  VerifyVerb(Session session) {
    this.session = session;
  }

  /// One PATH as it is printed; the step is -1 where it is not known.
  record Row(
      String path,
      String verdict,
      String format,
      long step,
      long tensors,
      long bytes,
      List<String> imports,
      List<String> reasons) {}

  @Override
  public Integer call() throws Failure, JsonProcessingException {
    for (Path path : paths) {
      if (!Files.exists(path)) {
        throw new Failure(Exit.USAGE, "Cannot verify %s: there is no such file.".formatted(path));
      }
    }
    List<Row> rows = new ArrayList<>();
    boolean accepted = true;
    for (Path path : paths) {
      Inspection found = inspected(path);
      accepted &= found.verdict().accepted();
      rows.add(row(path, found));
      if (!where.json()) {
        text(rows.getLast()).forEach(session.out()::println);
      }
    }
    if (where.json()) {
      // Made here: every command line has this verb, few need a mapper.
      ObjectMapper json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
      session.out().println(json.writeValueAsString(rows));
    }
    return (accepted ? Exit.OK : Exit.REFUSED).code();
  }

  private static Inspection inspected(Path path) throws Failure {
    try {
      return PathCheck.inspect(path);
    } catch (NoSuchFileException e) {
      throw new Failure(
          Exit.ENVIRONMENT,
          "Cannot verify %s: %s went away meanwhile. Is a trainer still writing there?"
              .formatted(path, e.getFile()),
          e);
    } catch (IOException e) {
      throw new Failure(
          Exit.ENVIRONMENT,
          "Cannot verify %s: cannot read it (%s). Check its permissions and the disk."
              .formatted(path, e),
          e);
    }
  }

  private static Row row(Path path, Inspection found) throws Failure {
    return new Row(
        path.toString(),
        found.verdict().name(),
        found.format(),
        found.step().isPresent() ? found.step().getAsLong() : named(path).orElse(-1),
        found.tensors(),
        bytes(path),
        found.imports(),
        found.reasons());
  }

  private static OptionalLong named(Path path) {
    String name = String.valueOf(path.toAbsolutePath().normalize().getFileName());
    boolean says =
        STEP_NAMED.matcher(name).matches()
            || (Files.isDirectory(path) && DIGITS.matcher(name).matches());
    return says ? Names.step(name) : OptionalLong.empty();
  }

  private static long bytes(Path path) throws Failure {
    try (Stream<Path> tree = Files.walk(path, java.nio.file.FileVisitOption.FOLLOW_LINKS)) {
      return tree.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    } catch (IOException e) {
      throw new Failure(Exit.ENVIRONMENT, "Cannot read %s: %s".formatted(path, e), e);
    } catch (java.io.UncheckedIOException e) {
      // A link that leads back: its bytes are counted already.
      return -1;
    }
  }

  /// Imports and reasons come out of the file, and may hold anything.
  private static List<String> text(Row row) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s  %s  (%s%s, %d tensors, %d bytes)"
            .formatted(
                row.verdict(),
                Words.printable(row.path()),
                row.format(),
                row.step() < 0 ? "" : ", step " + row.step(),
                row.tensors(),
                row.bytes()));
    row.reasons().forEach(reason -> lines.add("  " + Words.printable(reason)));
    if (!row.imports().isEmpty()) {
      lines.add("  imports " + Words.printable(String.join(", ", row.imports())));
    }
    return lines;
  }
}
