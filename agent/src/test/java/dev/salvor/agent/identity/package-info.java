@NullMarked
package dev.salvor.agent.identity;

import org.jspecify.annotations.NullMarked;
