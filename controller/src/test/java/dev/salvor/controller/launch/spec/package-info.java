/// Tests of run.yaml.
@NullMarked
package dev.salvor.controller.launch.spec;

import org.jspecify.annotations.NullMarked;
