@NullMarked
package dev.salvor.agent.probe.gate;

import org.jspecify.annotations.NullMarked;
