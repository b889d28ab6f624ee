/// TensorFlow's checkpoints: a table of tensors, each with its CRC, and the shards they lie in.
@NullMarked
package dev.salvor.common.format.tensorflow;

import org.jspecify.annotations.NullMarked;
