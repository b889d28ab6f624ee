/// NumPy's own files: one array in .npy, several in .npz.
@NullMarked
package dev.salvor.common.format.numpy;

import org.jspecify.annotations.NullMarked;
