/// Stories with real processes: the command line, the controller, the sandbox, boxes, agents, jobs.
@NullMarked
package dev.salvor.controller.e2e;

import org.jspecify.annotations.NullMarked;
