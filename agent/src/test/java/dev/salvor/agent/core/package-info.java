@NullMarked
package dev.salvor.agent.core;

import org.jspecify.annotations.NullMarked;
