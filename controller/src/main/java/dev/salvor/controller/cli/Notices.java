package dev.salvor.controller.cli;

import dev.salvor.controller.view.NoticeView;
import dev.salvor.controller.view.Words;
import java.io.PrintStream;
import java.util.List;

/// Tells what a user must know, again with every verb, until it is acknowledged.
final class Notices {
  private Notices() {}

  static void print(List<NoticeView> notices, PrintStream err) {
    for (NoticeView notice : notices) {
      err.println(
          "! run %s, notice %d: %s %s (salvor ack %d)"
              .formatted(
                  notice.run(),
                  notice.number(),
                  sentence(Words.printable(notice.what())),
                  Words.printable(notice.next()),
                  notice.number()));
    }
  }

  private static String sentence(String words) {
    return words.endsWith(".") ? words : words + ".";
  }
}
