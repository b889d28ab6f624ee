package dev.salvor.common.inspect;

import java.io.IOException;

/// How some framework lays out a checkpoint over the files of a directory, and what makes it
/// complete.
interface Layout {
  /// What an inspection calls the layout.
  String name();

  boolean recognises(Folder folder) throws IOException;

  /// Adds what is wrong with the directory. Files are judged by their formats besides, but for
  /// those that the layout claims.
  void judge(Folder folder, Finding into) throws IOException;
}
