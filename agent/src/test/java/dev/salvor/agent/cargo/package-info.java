@NullMarked
package dev.salvor.agent.cargo;

import org.jspecify.annotations.NullMarked;
