package dev.salvor.controller.launch.spec;

import dev.salvor.controller.core.RunSpec;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What is emptied at each start must hold nothing that is to stay.
final class Nesting {
  private Nesting() {}

  static void check(Page page, RunSpec spec, Setup setup) {
    Optional<Setup.Code> code = setup.code();
    if (code.isEmpty()) {
      return;
    }
    String path = code.get().path();
    List<String> cargo =
        Stream.concat(spec.job().checkpointRoots().stream(), spec.job().resultRoots().stream())
            .filter(root -> within(root, path) || within(path, root))
            .toList();
    if (!cargo.isEmpty()) {
      page.findings()
          .problem(
              page.keys().line("code"),
              "the code at %s is cloned anew at each start of the box, and would take what is kept in %s with it: give code another path (such as %s), or checkpoints and results"
                  .formatted(path, String.join(", ", cargo), SetupSection.APP));
    }
    for (Setup.Data data : setup.data()) {
      String to = place(data);
      if (!(data instanceof Setup.Data.Link) && within(to, path)) {
        page.findings()
            .problem(
                page.keys().line("data"),
                "the data at %s lies in the code's directory, which is cloned anew at each start: put it elsewhere, and a link there"
                    .formatted(to));
      }
    }
  }

  private static String place(Setup.Data data) {
    return switch (data) {
      case Setup.Data.Url url -> url.to();
      case Setup.Data.Rclone rclone -> rclone.to();
      case Setup.Data.S3 s3 -> s3.to();
      case Setup.Data.Link link -> link.at();
    };
  }

  private static boolean within(String path, String directory) {
    return path.equals(directory) || path.startsWith(directory.replaceAll("/$", "") + "/");
  }
}
