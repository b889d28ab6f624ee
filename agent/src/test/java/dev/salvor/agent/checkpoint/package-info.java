@NullMarked
package dev.salvor.agent.checkpoint;

import org.jspecify.annotations.NullMarked;
