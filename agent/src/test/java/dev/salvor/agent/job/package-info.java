@NullMarked
package dev.salvor.agent.job;

import org.jspecify.annotations.NullMarked;
