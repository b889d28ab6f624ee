@NullMarked
package dev.salvor.agent.state;

import org.jspecify.annotations.NullMarked;
