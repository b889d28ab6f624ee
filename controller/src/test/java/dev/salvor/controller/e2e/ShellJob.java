package dev.salvor.controller.e2e;

/// A job that costs nothing: it writes what a trainer would, whole files of random weights under
/// names that appear only when every byte is there.
final class ShellJob {
  private static final int HEADER = 80;
  private static final int WEIGHTS = 6 << 20;

  private ShellJob() {}

  /// @param steps how many checkpoints, one a second
  static String saving(int steps) {
    return saving("i=0", steps);
  }

  /// The same, from its newest checkpoint on.
  static String resuming(int steps) {
    return saving("i=$((10#0$(ls /workspace/ckpt | tail -1 | tr -dc 0-9)))", steps);
  }

  private static String saving(String first, int steps) {
    String header =
        "{\"w\":{\"dtype\":\"U8\",\"shape\":[%1$d],\"data_offsets\":[0,%1$d]}}".formatted(WEIGHTS);
    return """
    mkdir -p /workspace/ckpt; %s
    while [ $i -lt %d ]; do
      i=$((i + 1)); sleep 1
      { printf '\\%o\\0\\0\\0\\0\\0\\0\\0'; printf '%%-%ds' '%s'; head -c %d /dev/urandom
      } >/workspace/ckpt/.tmp-$i
      mv /workspace/ckpt/.tmp-$i /workspace/ckpt/step_$(printf %%08d $i).safetensors
      echo "step $i/%d loss 1.0"
    done
    echo "saved $i" >/work/summary.txt
    """
        .formatted(first, steps, HEADER, HEADER, header, WEIGHTS, steps);
  }
}
