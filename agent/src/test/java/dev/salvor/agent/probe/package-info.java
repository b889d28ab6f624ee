@NullMarked
package dev.salvor.agent.probe;

import org.jspecify.annotations.NullMarked;
