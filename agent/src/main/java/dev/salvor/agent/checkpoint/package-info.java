/// Finding cargo on the box's disk, judging it complete, and holding on to it until it is copied.
@NullMarked
package dev.salvor.agent.checkpoint;

import org.jspecify.annotations.NullMarked;
