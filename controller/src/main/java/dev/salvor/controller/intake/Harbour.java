package dev.salvor.controller.intake;

import dev.salvor.controller.core.Fact;
import java.time.Instant;
import java.util.List;

/// Where what the boxes say is taken in. Called from many threads: implementations enqueue and
/// return.
public interface Harbour {

  /// A frame of any kind came.
  void heard(Caller caller);

  /// A checked fact, in the order in which the box saw it. After a restart of the controller one
  /// may come again.
  ///
  /// @param journaled to be run once it is in the journal: only then is the box told to forget it
  void fact(Caller caller, Fact fact, Runnable journaled);

  void progress(Caller caller, Progress progress);

  void readings(Caller caller, List<SeenReading> readings);

  /// Lines of the job's log, for whoever looks at it.
  void log(Caller caller, LogPiece piece, Instant at);

  /// The agent ends, and says why.
  void goodbye(Caller caller, String reason);

  /// The stream of this box ended; nothing says yet whether the box did.
  void hungUp(Caller caller);

  /// What a beat of this box is answered with now.
  Lease lease(Caller caller);

  /// The highest event of this boot that is known to be journaled; 0 where that is not known.
  long acknowledged(Caller caller, int boot);
}
