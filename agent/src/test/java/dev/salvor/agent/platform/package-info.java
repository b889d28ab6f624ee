@NullMarked
package dev.salvor.agent.platform;

import org.jspecify.annotations.NullMarked;
