/// A run as its user writes it down: `run.yaml`, read with every problem and its line.
@NullMarked
package dev.salvor.controller.launch.spec;

import org.jspecify.annotations.NullMarked;
