package dev.salvor.controller.monitor;

import dev.salvor.controller.view.NoticeView;
import dev.salvor.controller.view.RunView;
import java.util.List;

/// What the monitor asks of the controller behind it. Called from many threads.
public interface Watchers {
  /// Every run as it stands now.
  ///
  /// @throws IllegalStateException the loop does not answer
  List<RunView> runs();

  /// What is not acknowledged yet.
  default List<NoticeView> notices() {
    return runs().stream().flatMap(run -> run.notices().stream()).toList();
  }

  /// The platform says that something happened: look at it now.
  void look();
}
