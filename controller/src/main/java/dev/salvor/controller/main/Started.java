package dev.salvor.controller.main;

import dev.salvor.controller.core.RunSpec.Box;
import dev.salvor.controller.launch.ArgsBox;
import dev.salvor.controller.launch.LaunchException;
import dev.salvor.controller.launch.Rendered;
import dev.salvor.controller.provider.Runtype;
import dev.salvor.controller.provider.Shape;
import java.util.List;
import java.util.Map;

/// What is rendered, in the form in which the box's kind of start takes it.
///
/// @param onstart the text for the platform; empty for an args box, which has it as its arguments
record Started(Shape shape, String onstart, Map<String, String> env) {
  static Started of(Box box, Rendered rendered, List<String> endpoints, String platform)
      throws LaunchException {
    Shape shape = shape(box.runtype());
    return switch (shape) {
      case Shape.Ssh _, Shape.Jupyter _ -> new Started(shape, rendered.onstart(), rendered.env());
      case Shape.Args _ -> {
        List<String> problems = ArgsBox.problems(box, endpoints, platform);
        if (!problems.isEmpty()) {
          throw new LaunchException(problems);
        }
        yield new Started(
            new Shape.Args(box.entrypoint(), ArgsBox.arguments(rendered.onstart()), ""),
            "",
            ArgsBox.env(rendered.env()));
      }
    };
  }

  private static Shape shape(String runtype) throws LaunchException {
    if (runtype.isEmpty()) {
      return Shape.USUAL;
    }
    return Runtype.of(runtype)
        .map(Runtype::shape)
        .orElseThrow(() -> new LaunchException(List.of("\"%s\" is no runtype".formatted(runtype))));
  }
}
