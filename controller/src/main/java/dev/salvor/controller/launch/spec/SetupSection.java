package dev.salvor.controller.launch.spec;

import dev.salvor.controller.launch.spec.Setup.Data;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// What prepares the box, and the commands that its steps need there.
record SetupSection(Setup setup, List<String> needs) {
  /// Where the code goes that its user gave no place.
  static final String APP = "/app";

  /// Who speaks for a URL of git: a name alone is fine, a password is not.
  private static final Pattern PASSWORD = Pattern.compile("//[^/@:]*:(?!\\$\\{)[^/@]+@");

  private static final Pattern URL = Pattern.compile("(https?|ftp|file)://\\S+");
  private static final Pattern REMOTE = Pattern.compile("[^\\s:/][^\\s:]*:.*");
  private static final Pattern SHA = Pattern.compile("[0-9a-f]{64}");

  static SetupSection of(Page page) {
    Set<String> needs = new LinkedHashSet<>();
    Optional<Setup.Code> code = code(page);
    if (code.isPresent()) {
      needs.add("git");
    }
    List<Data> data = new ArrayList<>();
    for (Field item : page.get("data").map(SetupSection::entries).orElse(List.of())) {
      data(item).ifPresent(data::add);
    }
    data.forEach(each -> need(each).ifPresent(needs::add));
    Setup setup =
        new Setup(
            code,
            pip(page),
            commands(page, "setup"),
            data,
            commands(page, "env_first"),
            commands(page, "env_resume"));
    return new SetupSection(setup, List.copyOf(needs));
  }

  private static List<Field> entries(Field data) {
    return data.isMapping() ? List.of(data) : data.items();
  }

  private static Optional<String> need(Data data) {
    return switch (data) {
      case Data.Url _ -> Optional.of("curl");
      case Data.Rclone _, Data.S3 _ -> Optional.of("rclone");
      case Data.Link _ -> Optional.empty();
    };
  }

  static List<String> commands(Page page, String key) {
    List<Said> commands = page.texts(key);
    commands.forEach(command -> Advice.onCommand(command, page.findings()));
    return commands.stream().map(Said::text).toList();
  }

  private static Optional<Setup.Code> code(Page page) {
    Optional<Field> field = page.get("code");
    if (field.isEmpty()) {
      return Optional.empty();
    }
    if (!field.get().isMapping()) {
      return field.get().text().map(git -> new Setup.Code(checked(field.get(), git), "", APP));
    }
    Block keys = field.get().block(RunKeys.CODE);
    if (keys.has("git") == keys.has("sync")) {
      return field.get().wrong("takes git (a repository) or sync (a directory here), one of them");
    }
    if (keys.has("sync") && (keys.has("branch") || keys.has("path"))) {
      return field.get().wrong("is synced to " + APP + ": branch and path go with git");
    }
    String path = keys.get("path").flatMap(Field::boxPath).orElse(APP);
    if (path.equals("/")) {
      field.get().wrong("needs a directory of its own, since it is emptied at each start");
    }
    String branch = keys.get("branch").flatMap(Field::text).orElse("");
    return keys.get("git")
        .flatMap(Field::text)
        .map(git -> new Setup.Code(checked(field.get(), git), branch, path));
  }

  private static String checked(Field field, String git) {
    if (PASSWORD.matcher(git).find()) {
      field.wrong(
          "holds a password, which the journal would keep: write ${NAME} in its place, and NAME"
              + " under secrets");
    }
    if (git.startsWith("-") || git.chars().anyMatch(Character::isWhitespace)) {
      field.wrong("is no repository: \"%s\"".formatted(git));
    }
    return git;
  }

  private static Setup.Pip pip(Page page) {
    Optional<Field> field = page.get("pip");
    if (field.isEmpty()) {
      return Setup.Pip.NONE;
    }
    if (!field.get().isMapping()) {
      return new Setup.Pip(field.get().texts().stream().map(Said::text).toList(), "");
    }
    Block keys = field.get().block(RunKeys.PIP);
    return new Setup.Pip(
        keys.get("packages").map(Field::texts).orElse(List.of()).stream().map(Said::text).toList(),
        keys.get("requirements").flatMap(Field::text).orElse(""));
  }

  private static Optional<Data> data(Field item) {
    Block keys = item.block(RunKeys.DATA);
    List<String> kinds = List.of("url", "rclone", "s3", "link").stream().filter(keys::has).toList();
    if (kinds.size() != 1 || !keys.has("to")) {
      return item.wrong("takes one of url, rclone, s3 or link, and to: where it goes");
    }
    String kind = kinds.getFirst();
    strangers(item, keys, kind);
    Optional<String> from = keys.get(kind).flatMap(Field::text);
    Optional<String> to = keys.get("to").flatMap(Field::boxPath);
    if (from.isEmpty() || to.isEmpty()) {
      return Optional.empty();
    }
    boolean into = keys.get("to").flatMap(Field::text).orElse("").endsWith("/");
    return switch (kind) {
      case "url" -> url(item, keys, from.get(), into ? to.get() + "/" : to.get());
      case "rclone" ->
          REMOTE.matcher(from.get()).matches()
              ? Optional.of(new Data.Rclone(from.get(), to.get()))
              : item.wrong("rclone takes remote:path, not \"%s\"".formatted(from.get()));
      case "s3" -> s3(item, keys, from.get(), to.get());
      default ->
          from.get().startsWith("/")
              ? Optional.of(new Data.Link(from.get(), to.get()))
              : item.wrong("link takes the absolute path that it leads to");
    };
  }

  private static void strangers(Field item, Block keys, String kind) {
    if (keys.has("sha256") && !kind.equals("url")) {
      item.wrong("sha256 goes with url");
    }
    if (keys.has("endpoint") && !kind.equals("s3")) {
      item.wrong("endpoint goes with s3");
    }
  }

  private static Optional<Data> url(Field item, Block keys, String url, String to) {
    String sha = keys.get("sha256").flatMap(Field::text).orElse("");
    if (!URL.matcher(url).matches()) {
      return item.wrong("\"%s\" is no URL".formatted(url));
    }
    if (!sha.isEmpty() && !SHA.matcher(sha).matches()) {
      return item.wrong("sha256 takes 64 digits of 0-9 and a-f");
    }
    if (PASSWORD.matcher(url).find()) {
      item.wrong(
          "the URL holds a password, which the journal would keep: write ${NAME}, and NAME under"
              + " secrets");
    }
    String name = url.replaceFirst("[?#].*", "").replaceFirst(".*/", "");
    if (to.endsWith("/") && name.isEmpty()) {
      return item.wrong("to must name a file: the URL does not");
    }
    return Optional.of(new Data.Url(url, to.endsWith("/") ? to + name : to, sha));
  }

  private static Optional<Data> s3(Field item, Block keys, String from, String to) {
    if (!from.matches("s3://[^/\\s]+(/.*)?")) {
      return item.wrong("s3 takes s3://bucket/path, not \"%s\"".formatted(from));
    }
    String endpoint = keys.get("endpoint").flatMap(Field::text).orElse("");
    return Optional.of(new Data.S3(from.substring("s3://".length()), endpoint, to));
  }
}
