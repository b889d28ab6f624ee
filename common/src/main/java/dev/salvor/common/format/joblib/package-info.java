/// What scikit-learn's users save with: joblib dumps and skops files.
@NullMarked
package dev.salvor.common.format.joblib;

import org.jspecify.annotations.NullMarked;
