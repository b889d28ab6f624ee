@NullMarked
package dev.salvor.agent.probe.gpu;

import org.jspecify.annotations.NullMarked;
