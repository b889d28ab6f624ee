@NullMarked
package dev.salvor.agent.main;

import org.jspecify.annotations.NullMarked;
