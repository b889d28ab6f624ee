package dev.salvor.controller.launch.spec;

import java.util.ArrayList;
import java.util.List;

/// Renders what prepares a box into steps for bash. Each is safe to run again after it was cut off
/// anywhere, and says in its first line what it is.
public final class Steps {
  /// Between two tries of something on the network.
  private static final String TRIES = "for pause in 0 2 10 30; do sleep \"$pause\"";

  private Steps() {}

  /// What is run before the job.
  ///
  /// @param first once a disk, in order
  /// @param resume on each later boot of that disk, in order
  public record Rendered(List<String> first, List<String> resume) {
    public Rendered {
      first = List.copyOf(first);
      resume = List.copyOf(resume);
    }
  }

  public static Rendered render(Setup setup) {
    List<String> first = new ArrayList<>();
    List<String> resume = new ArrayList<>();
    setup
        .code()
        .ifPresent(code -> {
          first.add(clone(code));
          resume.add(clone(code));
        });
    if (!setup.pip().packages().isEmpty()) {
      first.add(pip(Sh.join(setup.pip().packages())));
    }
    if (!setup.pip().requirements().isEmpty()) {
      // What is cloned or synced anew may ask for something new.
      String step = pip("-r " + Sh.quote(setup.pip().requirements()));
      first.add(step);
      resume.add(step);
    }
    first.addAll(setup.commands());
    for (Setup.Data data : setup.data()) {
      String step = fetch(data);
      first.add(step);
      if (data instanceof Setup.Data.Link) {
        resume.add(step);
      }
    }
    first.addAll(setup.envFirst());
    resume.addAll(setup.envResume());
    return new Rendered(first, resume);
  }

  /// The directory stays the same one, since the job may be about to start in it; so does our own
  /// place in it.
  private static String clone(Setup.Code code) {
    return """
    # code: a clean clone of %s
    set -u
    export GIT_TERMINAL_PROMPT=0
    to=%s new=%s.clone shallow="--depth 1 --shallow-submodules"
    %s
      rm -rf -- "$new"
      git clone --quiet $shallow --recurse-submodules %s-- %s "$new" && break
      shallow= # not every server can
    done
    [ -d "$new/.git" ] || { echo "cannot clone the code" >&2; exit 1; }
    mkdir -p -- "$to" &&
      find "$to" -mindepth 1 -maxdepth 1 ! -name .salvor -exec rm -rf -- {} + &&
      (shopt -s dotglob nullglob; mv -- "$new"/* "$to"/) && rm -rf -- "$new" &&
      echo "code at $(git -C "$to" rev-parse HEAD)"
    """
        .formatted(
            comment(code.git() + (code.branch().isEmpty() ? "" : ", " + code.branch())),
            Sh.quote(code.path()),
            Sh.quote(code.path()),
            TRIES,
            code.branch().isEmpty() ? "" : "--branch " + Sh.quote(code.branch()) + " ",
            Sh.quoteKeepingVariables(code.git()));
  }

  private static String pip(String what) {
    return """
    # pip: %s
    set -u
    export PIP_BREAK_SYSTEM_PACKAGES=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
    python=$(command -v python3 || command -v python) || { echo "no python" >&2; exit 1; }
    "$python" -m pip install --no-input --retries 5 %s
    """
        .formatted(comment(what), what);
  }

  private static String fetch(Setup.Data data) {
    return switch (data) {
      case Setup.Data.Url url -> url(url);
      case Setup.Data.Rclone(String from, String to) -> rclone(from, to, "");
      case Setup.Data.S3 s3 -> s3(s3);
      case Setup.Data.Link link -> link(link);
    };
  }

  /// A part that is there is gone on with; one that cannot be, or is not what was promised, is
  /// begun anew.
  private static String url(Setup.Data.Url data) {
    String check =
        data.sha256().isEmpty()
            ? ""
            : """
              echo "%s  $part" | sha256sum -c --status || { echo "not the promised bytes" >&2; rm -f -- "$part"; continue; }
            """
                .formatted(data.sha256())
                .stripTrailing()
                .concat("\n");
    return """
    # data: %s
    set -u
    to=%s
    part=$to.part
    [ -e "$to" ] && exit 0
    mkdir -p -- "$(dirname -- "$to")"
    %s
      http=$(curl -fL --silent --show-error --connect-timeout 30 -C - -w '%%{http_code}' -o "$part" %s)
      code=$?
      case $code/$http in 33/* | 36/* | 22/416) rm -f -- "$part" ;; esac
      [ "$code" = 0 ] || continue
    %s  mv -- "$part" "$to" && exit 0
    done
    echo "cannot fetch $to" >&2
    exit 1
    """
        .formatted(
            comment(data.url()),
            Sh.quote(data.to()),
            TRIES,
            Sh.quoteKeepingVariables(data.url()),
            check);
  }

  private static String rclone(String from, String to, String before) {
    return """
    # data: %s
    set -u
    %s%s
      rclone copy --retries 3 --low-level-retries 20 -- %s %s && exit 0
    done
    echo "cannot fetch the data" >&2
    exit 1
    """
        .formatted(comment(from), before, TRIES, Sh.quoteKeepingVariables(from), Sh.quote(to));
  }

  private static String s3(Setup.Data.S3 data) {
    String before =
        """
        export RCLONE_CONFIG_SALVOR_TYPE=s3 RCLONE_CONFIG_SALVOR_ENV_AUTH=true
        export RCLONE_CONFIG_SALVOR_PROVIDER=%s%s
        """
            .formatted(
                data.endpoint().isEmpty() ? "AWS" : "Other",
                data.endpoint().isEmpty()
                    ? ""
                    : " RCLONE_CONFIG_SALVOR_ENDPOINT="
                        + Sh.quoteKeepingVariables(data.endpoint()));
    return rclone("salvor:" + data.bucketPath(), data.to(), before);
  }

  /// What is there and is no link is left alone.
  private static String link(Setup.Data.Link link) {
    return """
    # link: %s
    set -u
    at=%s
    mkdir -p -- "$(dirname -- "$at")"
    [ ! -e "$at" ] || [ -L "$at" ] || { echo "$at is there already and is no link" >&2; exit 1; }
    ln -sfn -- %s "$at"
    """
        .formatted(
            comment(link.at() + " to " + link.target()),
            Sh.quote(link.at()),
            Sh.quote(link.target()));
  }

  private static String comment(String text) {
    return text.replaceAll("\\s+", " ");
  }
}
