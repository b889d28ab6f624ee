package dev.salvor.controller.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.salvor.controller.core.Fact;
import dev.salvor.controller.desk.Answer;
import dev.salvor.controller.desk.Archive;
import dev.salvor.controller.desk.Counter;
import dev.salvor.controller.desk.DeskException;
import dev.salvor.controller.desk.FakeBridge;
import dev.salvor.controller.desk.Request;
import dev.salvor.controller.view.Story;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AttachTest {
  private static final int MANY = 1000;
  private final FakeBridge bridge = new FakeBridge();
  private final Interrupts interrupts = Interrupts.none();
  private final List<String> hints = new ArrayList<>();

  @Test
  void a_run_that_ends_by_itself_was_not_interrupted() throws DeskException {
    bridge.with(Story.training("demo").ends(Fact.Ending.DONE, "home"));
    assertThat(attach(0).stay()).isZero();
    assertThat(asked()).containsExactly("RunEnded");
  }

  @Test
  void ctrl_c_once_winds_down_and_stays_until_it_is_over() throws DeskException {
    bridge.with(Story.training("demo"));
    interrupts.press();
    assertThat(attach(5).stay()).isEqualTo(1);
    assertThat(asked()).containsExactly("WindDownAsked", "RunEnded");
    assertThat(hints.getFirst()).startsWith("bringing everything home");
  }

  @Test
  void ctrl_c_twice_stops_the_meter() throws DeskException {
    bridge.with(Story.training("demo"));
    interrupts.press();
    interrupts.press();
    assertThat(attach(5).stay()).isEqualTo(2);
    assertThat(asked()).containsExactly("WindDownAsked", "HaltAsked", "RunEnded");
  }

  @Test
  void ctrl_c_when_it_is_over_already_is_no_error() throws DeskException {
    bridge.with(Story.training("demo"));
    bridge.refuse(new DeskException(DeskException.Kind.REFUSED, "Run demo is over"));
    interrupts.press();
    assertThat(attach(MANY).stay()).isEqualTo(1);
  }

  /// Facts beyond the story's own.
  private List<String> asked() {
    int own = Story.training("demo").facts().size();
    List<Fact> facts = bridge.story("demo").facts();
    return facts.subList(own, facts.size()).stream()
        .map(f -> f.getClass().getSimpleName())
        .toList();
  }

  /// @param endsAfter views after which the run ends
  private Attach attach(int endsAfter) {
    Archive desk = new Archive(bridge);
    Counter counter =
        new Counter() {
          @Override
          public Answer ask(Request request) throws DeskException {
            return desk.ask(request);
          }

          @Override
          public void follow(Request request, Listener listener) throws DeskException {
            for (int i = 0; i < MANY + 1; i++) {
              if (i == endsAfter && i > 0 && !bridge.story("demo").state().over()) {
                bridge.story("demo").ends(Fact.Ending.WOUND_DOWN, "asked");
              }
              boolean more = listener.hear(desk.ask(new Request.Status("demo")));
              if (!more || bridge.story("demo").state().over()) {
                return;
              }
            }
          }
        };
    return new Attach(counter, "demo", interrupts, (view, hint) -> hints.add(hint));
  }
}
