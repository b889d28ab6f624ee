package dev.salvor.controller.launch.spec;

import java.util.List;
import java.util.Optional;

/// What prepares a box for the job, beside the packages that onstart installs.
///
/// @param commands the user's own, once a disk
/// @param envFirst the user's own, once a disk, after everything else
/// @param envResume the user's own, on each later boot of a disk
public record Setup(
    Optional<Code> code,
    Pip pip,
    List<String> commands,
    List<Data> data,
    List<String> envFirst,
    List<String> envResume) {
  public Setup {
    commands = List.copyOf(commands);
    data = List.copyOf(data);
    envFirst = List.copyOf(envFirst);
    envResume = List.copyOf(envResume);
  }

  /// A repository of which each boot has a clean clone.
  ///
  /// @param branch a branch or tag; "" for the repository's own
  /// @param path an absolute directory on the box that holds nothing else
  public record Code(String git, String branch, String path) {}

  /// Python packages.
  ///
  /// @param requirements a file of them, by the job's directory; "" for none
  public record Pip(List<String> packages, String requirements) {
    static final Pip NONE = new Pip(List.of(), "");

    public Pip {
      packages = List.copyOf(packages);
    }
  }

  /// What the job finds on the box, fetched once a disk; a fetch that broke off goes on where it
  /// was.
  public sealed interface Data {
    /// One file.
    ///
    /// @param sha256 what its bytes must hash to; "" where nobody said
    record Url(String url, String to, String sha256) implements Data {}

    /// What `rclone copy` takes: "remote:path". The remote is set by RCLONE_CONFIG_… variables.
    record Rclone(String from, String to) implements Data {}

    /// A bucket's object or prefix; the key comes by AWS_… variables.
    ///
    /// @param endpoint of a store that is not Amazon's; "" for theirs
    record S3(String bucketPath, String endpoint, String to) implements Data {}

    /// A symbolic link at `at` to what lies at `target`.
    record Link(String target, String at) implements Data {}
  }
}
