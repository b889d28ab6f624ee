/// Files of weights: safetensors, GGUF, ONNX, HDF5 and Keras.
@NullMarked
package dev.salvor.common.format.weights;

import org.jspecify.annotations.NullMarked;
