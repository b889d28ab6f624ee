@NullMarked
package dev.salvor.agent.loop;

import org.jspecify.annotations.NullMarked;
