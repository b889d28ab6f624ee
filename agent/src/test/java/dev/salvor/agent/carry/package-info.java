@NullMarked
package dev.salvor.agent.carry;

import org.jspecify.annotations.NullMarked;
