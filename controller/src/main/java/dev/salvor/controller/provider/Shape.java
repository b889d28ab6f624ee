package dev.salvor.controller.provider;

import java.util.List;

/// How the platform is to start the image: with its own launcher and sshd in it, or as it is.
public sealed interface Shape {
  /// What a run needs that says nothing else: ssh straight to the box.
  Shape USUAL = new Ssh(true);

  /// An sshd beside the image's programs; `direct` is straight to the box, else by a proxy.
  record Ssh(boolean direct) implements Shape {}

  /// As ssh, and a notebook server.
  ///
  /// @param dir where it begins; empty for the platform's choice
  record Jupyter(boolean direct, boolean lab, String dir) implements Shape {}

  /// The image's own entrypoint, or another program in its place, with these arguments. No sshd.
  ///
  /// @param entrypoint one program, no command line; empty for the image's own
  /// @param line the arguments as one text, for those who have it so; empty otherwise
  record Args(String entrypoint, List<String> args, String line) implements Shape {
    public Args {
      args = List.copyOf(args);
    }
  }
}
