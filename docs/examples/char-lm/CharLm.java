import static java.nio.charset.StandardCharsets.UTF_8;

import module java.base;

/// Trains a small character-level language model on text, with nothing but a JDK 25: `java
/// CharLm.java --help`.
///
/// It behaves as a job should on a machine that may vanish: checkpoints appear whole or not at all,
/// the newest one is picked up without being asked, and a resumed run computes the same numbers,
/// bit for bit, as one that was never cut.
public final class CharLm {
  static final String USAGE =
      """
      usage: java CharLm.java [options]
        --data FILE|DIR...  text to learn from; a directory means every .md and .txt in it (default: the corpus here)
        --steps N           train up to this step (default 2000)
        --every N           write a checkpoint every N steps (default 200)
        --out DIR           where checkpoints go, and where the newest is taken from (default checkpoints)
        --keep K            how many checkpoints stay (default 4)
        --results DIR       write metrics.json and sample.txt there at the end
        --seed N            initial weights and data order (default 1)
        --threads N         cores to use; the result does not depend on it (default 1)
        --pace-ms M         let a step take at least this long (default 0)
      """;
  static final int CONTEXT = 16;
  static final int EMBED = 24;
  static final int HIDDEN = 512;
  static final int BATCH = 32;
  static final float PEAK_RATE = 2e-3f;
  static final int WARMUP_STEPS = 50;
  static final int EVAL_ROWS = 1024;
  static final long PROGRESS_NANOS = 500_000_000L;

  /// A reason to end that the user can act on.
  static final class Refusal extends RuntimeException {
    Refusal(String message) {
      super(message);
    }
  }

  private final Options options;
  private final Text text;
  private final Model model;
  private final Checkpoints checkpoints;
  private volatile boolean stopRequested;

  CharLm(Options options, Text text) {
    this.options = options;
    this.text = text;
    this.model = new Model(options.threads());
    this.checkpoints = new Checkpoints(options.out(), options.keep());
  }

  public static void main(String[] args) {
    Locale.setDefault(Locale.ROOT);
    int code;
    try {
      Options options = Options.parse(args);
      new CharLm(options, Text.read(options.data())).run();
      code = 0;
    } catch (Refusal refusal) {
      System.err.println("char-lm: " + refusal.getMessage());
      code = 2;
    } catch (IOException | UncheckedIOException failure) {
      System.err.println("char-lm: cannot read or write: " + failure);
      code = 74;
    }
    if (code != 0) {
      System.exit(code);
    }
  }

  void run() throws IOException {
    var finished = new CountDownLatch(1);
    // On SIGTERM the JVM runs this and then exits with 143: it waits until the step under way is
    // done and saved.
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stopAndAwait(finished)));
    try {
      train();
    } finally {
      finished.countDown();
    }
  }

  private void stopAndAwait(CountDownLatch finished) {
    stopRequested = true;
    try {
      if (!finished.await(30, TimeUnit.SECONDS)) {
        System.err.println(
            "char-lm: the last step did not end within 30 s; leaving without saving it");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void train() throws IOException {
    model.initialize(new Rng(options.seed(), -1));
    Optional<Saved> found = checkpoints.loadNewest(model);
    Saved now = found.orElse(new Saved(0, options.seed(), Float.NaN));
    int begun = now.step();
    if (found.isPresent()) {
      say("resumed from step " + begun);
    } else {
      say("starting with %d parameters on %d characters".formatted(model.size(), text.length()));
    }
    if (now.seed() != options.seed()) {
      say("the checkpoint's seed %d stands, not --seed %d".formatted(now.seed(), options.seed()));
    }
    var progress = new Progress(options.steps());
    while (now.step() < options.steps()) {
      now = step(now, progress);
      boolean due = now.step() % options.every() == 0 || now.step() == options.steps();
      if (due || stopRequested) {
        checkpoints.save(model, now);
      }
      if (stopRequested) {
        say("stopped at step " + now.step());
        return;
      }
    }
    finish(now, begun);
  }

  private Saved step(Saved last, Progress progress) {
    long begin = System.nanoTime();
    float rate = rate(last.step());
    int[][] rows = text.batch(new Rng(last.seed(), last.step()), BATCH);
    float loss = model.learn(rows, last.step() + 1, rate);
    if (!Float.isFinite(loss)) {
      throw new Refusal(
          "the loss is " + loss + " at step " + last.step() + ": nothing saved of it");
    }
    progress.add(last.step() + 1, loss, rate);
    long rest = options.paceMs() * 1_000_000L - (System.nanoTime() - begin);
    if (rest > 0) {
      LockSupport.parkNanos(rest);
    }
    return new Saved(last.step() + 1, last.seed(), loss);
  }

  private void finish(Saved last, int begun) throws IOException {
    float loss = model.loss(text.spread(EVAL_ROWS, false));
    float unseen = model.loss(text.spread(EVAL_ROWS, true));
    say("final loss %.4f, on text it never saw %.4f".formatted(loss, unseen));
    if (options.results().isEmpty()) {
      return;
    }
    Path results = Files.createDirectories(options.results().get());
    String metrics =
        """
        {"steps": %d, "loss": %s, "unseen_loss": %s, "resumed_from": %d, "seed": %d, "parameters": %d, "characters": %d}
        """
            .formatted(last.step(), loss, unseen, begun, last.seed(), model.size(), text.length());
    replace(results.resolve("metrics.json"), metrics);
    String sample = model.sample(new Rng(last.seed(), -2), text.opening(), 600);
    replace(results.resolve("sample.txt"), sample + "\n");
    say("results in " + results);
  }

  /// Linear warm-up, then half a cosine down to a tenth of the peak.
  private float rate(int step) {
    if (step < WARMUP_STEPS) {
      return PEAK_RATE * (step + 1) / WARMUP_STEPS;
    }
    double done = (step - WARMUP_STEPS) / (double) Math.max(1, options.steps() - WARMUP_STEPS);
    return (float) (PEAK_RATE * (0.55 + 0.45 * StrictMath.cos(Math.PI * Math.min(1, done))));
  }

  static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }

  /// Writes a small file so that a reader sees the old one or the new one, never half of it.
  static void replace(Path file, String content) throws IOException {
    Path temp = file.resolveSibling("." + file.getFileName() + ".tmp");
    write(temp, ByteBuffer.wrap(content.getBytes(UTF_8)));
    Files.move(temp, file, StandardCopyOption.ATOMIC_MOVE);
    sync(file.toAbsolutePath().getParent());
  }

  static void write(Path file, ByteBuffer... parts) throws IOException {
    try (var channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      for (ByteBuffer part : parts) {
        while (part.hasRemaining()) {
          channel.write(part);
        }
      }
      channel.force(true);
    }
  }

  static void sync(Path directory) throws IOException {
    try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /// What the command line asked for.
  record Options(
      List<Path> data,
      int steps,
      int every,
      Path out,
      int keep,
      Optional<Path> results,
      long seed,
      int threads,
      long paceMs) {

    static Options parse(String[] args) {
      List<Path> data = new ArrayList<>();
      var given = new TreeMap<String, String>();
      for (int i = 0; i < args.length; i++) {
        String flag = args[i];
        if (flag.equals("--help") || flag.equals("-h")) {
          System.out.print(USAGE);
          System.exit(0);
        }
        if (!flag.equals("--data")) {
          if (!USAGE.contains("  " + flag + " ") || i + 1 == args.length) {
            throw new Refusal("'" + flag + "' is not an option, or lacks its value\n" + USAGE);
          }
          given.put(flag, args[++i]);
          continue;
        }
        while (i + 1 < args.length && !args[i + 1].startsWith("--")) {
          data.add(Path.of(args[++i]));
        }
      }
      return new Options(
          data.isEmpty() ? corpus() : List.copyOf(data),
          (int) number(given, "--steps", 2000, 1),
          (int) number(given, "--every", 200, 1),
          Path.of(given.getOrDefault("--out", "checkpoints")),
          (int) number(given, "--keep", 4, 1),
          Optional.ofNullable(given.get("--results")).map(Path::of),
          number(given, "--seed", 1, 0),
          (int) number(given, "--threads", 1, 1),
          number(given, "--pace-ms", 0, 0));
    }

    private static long number(Map<String, String> given, String flag, long otherwise, long least) {
      String value = given.getOrDefault(flag, Long.toString(otherwise));
      if (!value.matches("\\d{1,9}") || Long.parseLong(value) < least) {
        throw new Refusal(
            flag + " takes a whole number of at least " + least + ", not '" + value + "'");
      }
      return Long.parseLong(value);
    }

    /// The folder of this very file, or where Salvor puts its examples on a box.
    private static List<Path> corpus() {
      Optional<Path> here =
          Optional.ofNullable(System.getProperty("jdk.launcher.sourcefile"))
              .map(file -> Path.of(file).toAbsolutePath().getParent());
      return here.filter(folder -> Files.isDirectory(folder.resolve("corpus")))
          .map(List::of)
          .orElse(List.of(Path.of("/opt/salvor/examples/char-lm")));
    }
  }

  /// A pseudo-random stream that is a pure function of (seed, step): nothing of it must survive a
  /// restart.
  static final class Rng {
    private long state;

    Rng(long seed, long step) {
      state = mix(seed * 0x9E3779B97F4A7C15L + mix(step));
    }

    static long mix(long z) {
      z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
      z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
      return z ^ (z >>> 31);
    }

    int below(int bound) {
      state += 0x9E3779B97F4A7C15L;
      return (int) Long.remainderUnsigned(mix(state), bound);
    }

    float unit() {
      return below(1 << 24) / (float) (1 << 24);
    }

    String hex() {
      return Long.toHexString(state);
    }
  }

  /// The text as symbols: printable ASCII and the line end; anything else is left out.
  static final class Text {
    static final int SYMBOLS = 96;
    static final int LEAST = 10_000;
    private final byte[] symbols;
    private final int trained;

    private Text(byte[] symbols) {
      this.symbols = symbols;
      this.trained = symbols.length * 19 / 20;
    }

    static Text read(List<Path> sources) throws IOException {
      var all = new StringBuilder();
      for (Path source : sources) {
        for (Path file : files(source)) {
          all.append(Files.readString(file)).append('\n');
        }
      }
      byte[] kept = new byte[all.length()];
      int n = 0;
      for (int i = 0; i < all.length(); i++) {
        char c = all.charAt(i);
        if (c == '\n' || (c >= ' ' && c <= '~')) {
          kept[n++] = (byte) symbol(c);
        }
      }
      if (n < LEAST) {
        throw new Refusal(
            "found %d characters of text in %s, and need %d. Name files or folders with .md or .txt: --data FILE|DIR..."
                .formatted(n, sources, LEAST));
      }
      return new Text(Arrays.copyOf(kept, n));
    }

    private static List<Path> files(Path source) throws IOException {
      if (!Files.isDirectory(source)) {
        return Files.isReadable(source) ? List.of(source) : List.of();
      }
      try (Stream<Path> found = Files.walk(source, 4)) {
        return found
            .filter(Files::isRegularFile)
            .filter(file -> file.toString().matches(".*\\.(md|txt)"))
            .sorted()
            .toList();
      }
    }

    static int symbol(char c) {
      return c == '\n' ? 0 : c - ' ' + 1;
    }

    static char character(int symbol) {
      return symbol == 0 ? '\n' : (char) (symbol - 1 + ' ');
    }

    int length() {
      return symbols.length;
    }

    int[] opening() {
      return IntStream.range(0, CONTEXT).map(i -> symbols[i]).toArray();
    }

    /// Rows of CONTEXT symbols followed by the one to be foretold.
    int[][] batch(Rng rng, int rows) {
      return IntStream.range(0, rows)
          .mapToObj(row -> window(rng.below(trained - CONTEXT - 1)))
          .toArray(int[][]::new);
    }

    /// The same rows each time, spread over what is trained on or over what is held back.
    int[][] spread(int rows, boolean heldOut) {
      int from = heldOut ? trained : 0;
      int span = (heldOut ? symbols.length : trained) - from - CONTEXT - 1;
      return IntStream.range(0, rows)
          .mapToObj(row -> window(from + (int) ((long) row * span / rows)))
          .toArray(int[][]::new);
    }

    private int[] window(int at) {
      return IntStream.rangeClosed(0, CONTEXT).map(i -> symbols[at + i]).toArray();
    }
  }

  /// One array of learned numbers, its gradient, and what AdamW remembers of it.
  static final class Tensor {
    final String name;
    final int[] shape;
    final float[] value;
    final float[] gradient;
    final float[] mean;
    final float[] square;

    Tensor(String name, int... shape) {
      this.name = name;
      this.shape = shape;
      int size = IntStream.of(shape).reduce(1, Math::multiplyExact);
      value = new float[size];
      gradient = new float[size];
      mean = new float[size];
      square = new float[size];
    }

    void adamW(int step, float rate) {
      float b1 = 0.9f;
      float b2 = 0.98f;
      float scale = (float) (rate / (1 - StrictMath.pow(b1, step)));
      float unbias = (float) (1 / (1 - StrictMath.pow(b2, step)));
      float shrink = shape.length > 1 ? 1 - rate * 0.01f : 1;
      for (int i = 0; i < value.length; i++) {
        float g = gradient[i];
        mean[i] = b1 * mean[i] + (1 - b1) * g;
        square[i] = b2 * square[i] + (1 - b2) * g * g;
        value[i] =
            shrink * value[i] - scale * mean[i] / ((float) Math.sqrt(square[i] * unbias) + 1e-8f);
      }
    }
  }

  /// Embedding of the last 16 symbols, one hidden layer, a guess at the next symbol.
  static final class Model {
    private static final int INPUT = CONTEXT * EMBED;
    final Tensor embedding = new Tensor("embedding.weight", Text.SYMBOLS, EMBED);
    final Tensor hidden = new Tensor("hidden.weight", INPUT, HIDDEN);
    final Tensor hiddenBias = new Tensor("hidden.bias", HIDDEN);
    final Tensor head = new Tensor("head.weight", HIDDEN, Text.SYMBOLS);
    final Tensor headBias = new Tensor("head.bias", Text.SYMBOLS);
    final List<Tensor> tensors = List.of(embedding, hidden, hiddenBias, head, headBias);
    private final int threads;

    Model(int threads) {
      this.threads = threads;
    }

    int size() {
      return tensors.stream().mapToInt(tensor -> tensor.value.length).sum();
    }

    void initialize(Rng rng) {
      fill(embedding, rng, 0.5f);
      fill(hidden, rng, (float) Math.sqrt(6.0 / INPUT));
      fill(head, rng, 0.1f / (float) Math.sqrt(HIDDEN));
    }

    private static void fill(Tensor tensor, Rng rng, float reach) {
      for (int i = 0; i < tensor.value.length; i++) {
        tensor.value[i] = (2 * rng.unit() - 1) * reach;
      }
    }

    /// What one pass computed, kept for the way back.
    private record Pass(float[] input, float[] active, float[] chance, float loss) {}

    private Pass forward(int[][] rows) {
      float[] input = new float[rows.length * INPUT];
      for (int r = 0; r < rows.length; r++) {
        for (int c = 0; c < CONTEXT; c++) {
          System.arraycopy(
              embedding.value, rows[r][c] * EMBED, input, r * INPUT + c * EMBED, EMBED);
        }
      }
      float[] active = repeat(hiddenBias.value, rows.length);
      multiply(
          new Strided(input, INPUT, 1), new Rows(hidden.value, HIDDEN), new Rows(active, HIDDEN));
      for (int i = 0; i < active.length; i++) {
        active[i] = Math.max(0, active[i]);
      }
      float[] chance = repeat(headBias.value, rows.length);
      multiply(
          new Strided(active, HIDDEN, 1),
          new Rows(head.value, Text.SYMBOLS),
          new Rows(chance, Text.SYMBOLS));
      double loss = 0;
      for (int r = 0; r < rows.length; r++) {
        softmax(chance, r * Text.SYMBOLS);
        loss -= StrictMath.log(Math.max(1e-30, chance[r * Text.SYMBOLS + rows[r][CONTEXT]]));
      }
      return new Pass(input, active, chance, (float) (loss / rows.length));
    }

    float loss(int[][] rows) {
      return forward(rows).loss();
    }

    /// One step of AdamW on the mean cross-entropy of these rows, in nats; returns it as it was
    /// before the step.
    float learn(int[][] rows, int step, float rate) {
      Pass pass = forward(rows);
      float[] dLogits = pass.chance();
      for (int r = 0; r < rows.length; r++) {
        dLogits[r * Text.SYMBOLS + rows[r][CONTEXT]] -= 1;
      }
      for (int i = 0; i < dLogits.length; i++) {
        dLogits[i] /= rows.length;
      }
      float[] dHidden = back(pass.active(), dLogits, head, headBias);
      for (int i = 0; i < dHidden.length; i++) {
        dHidden[i] = pass.active()[i] > 0 ? dHidden[i] : 0;
      }
      float[] dInput = back(pass.input(), dHidden, hidden, hiddenBias);
      Arrays.fill(embedding.gradient, 0);
      for (int r = 0; r < rows.length; r++) {
        for (int i = 0; i < INPUT; i++) {
          embedding.gradient[rows[r][i / EMBED] * EMBED + i % EMBED] += dInput[r * INPUT + i];
        }
      }
      tensors.forEach(tensor -> tensor.adamW(step, rate));
      return pass.loss();
    }

    /// Gradients of `y = x * weight + bias` into the two tensors; returns that of x.
    private float[] back(float[] x, float[] dy, Tensor weight, Tensor bias) {
      int in = weight.shape[0];
      int out = weight.shape[1];
      Arrays.fill(weight.gradient, 0);
      multiply(new Strided(x, 1, in), new Rows(dy, out), new Rows(weight.gradient, out));
      Arrays.fill(bias.gradient, 0);
      float[] turned = new float[in * out];
      for (int i = 0; i < dy.length; i++) {
        bias.gradient[i % out] += dy[i];
      }
      for (int i = 0; i < in; i++) {
        for (int o = 0; o < out; o++) {
          turned[o * in + i] = weight.value[i * out + o];
        }
      }
      float[] dx = new float[x.length];
      multiply(new Strided(dy, out, 1), new Rows(turned, in), new Rows(dx, in));
      return dx;
    }

    /// Numbers in rows of one width.
    private record Rows(float[] at, int width) {}

    /// Numbers read by strides: rows as they lie, or turned.
    private record Strided(float[] at, int row, int column) {}

    /// c += a * b. Each row of c is summed in one order, whatever the number of threads.
    private void multiply(Strided a, Rows b, Rows c) {
      int rows = c.at.length / c.width;
      var parts = IntStream.range(0, threads);
      (threads > 1 ? parts.parallel() : parts)
          .forEach(part -> {
            for (int r = part * rows / threads; r < (part + 1) * rows / threads; r++) {
              multiplyRow(a, b, c, r);
            }
          });
    }

    private static void multiplyRow(Strided a, Rows b, Rows c, int row) {
      float[] x = b.at;
      float[] sum = c.at;
      int width = b.width;
      int to = row * width;
      // Four rows of b at a time: every inner size here is a multiple of four.
      for (int k = 0; k < x.length / width; k += 4) {
        int from = row * a.row + k * a.column;
        float a0 = a.at[from];
        float a1 = a.at[from + a.column];
        float a2 = a.at[from + 2 * a.column];
        float a3 = a.at[from + 3 * a.column];
        int b0 = k * width;
        int b1 = b0 + width;
        int b2 = b1 + width;
        int b3 = b2 + width;
        for (int j = 0; j < width; j++) {
          sum[to + j] += a0 * x[b0 + j] + a1 * x[b1 + j] + a2 * x[b2 + j] + a3 * x[b3 + j];
        }
      }
    }

    private static float[] repeat(float[] row, int times) {
      float[] all = new float[row.length * times];
      for (int i = 0; i < times; i++) {
        System.arraycopy(row, 0, all, i * row.length, row.length);
      }
      return all;
    }

    private static void softmax(float[] x, int from) {
      float top = x[from];
      for (int i = 1; i < Text.SYMBOLS; i++) {
        top = Math.max(top, x[from + i]);
      }
      float sum = 0;
      for (int i = from; i < from + Text.SYMBOLS; i++) {
        x[i] = (float) StrictMath.exp(x[i] - top);
        sum += x[i];
      }
      for (int i = from; i < from + Text.SYMBOLS; i++) {
        x[i] /= sum;
      }
    }

    String sample(Rng rng, int[] opening, int characters) {
      var written = new StringBuilder();
      int[] row = Arrays.copyOf(opening, CONTEXT + 1);
      for (int n = 0; n < characters; n++) {
        float[] chance = forward(new int[][] {row}).chance();
        // Squared and scaled to sum to one: a temperature of one half.
        float total = 0;
        for (float c : chance) {
          total += c * c;
        }
        float left = rng.unit() * total;
        int next = 0;
        while (next < Text.SYMBOLS - 1 && (left -= chance[next] * chance[next]) > 0) {
          next++;
        }
        written.append(Text.character(next));
        System.arraycopy(row, 1, row, 0, CONTEXT - 1);
        row[CONTEXT - 1] = next;
      }
      return written.toString();
    }
  }

  /// What a checkpoint says of the run beside the weights.
  record Saved(int step, long seed, float loss) {}

  /// Checkpoint directories `step-00000120`: each whole or absent, the newest few kept.
  static final class Checkpoints {
    private final Path out;
    private final int keep;

    Checkpoints(Path out, int keep) {
      this.out = out;
      this.keep = keep;
    }

    /// Loads the newest that reads whole, and says which it passed over and why.
    Optional<Saved> loadNewest(Model model) throws IOException {
      Files.createDirectories(out);
      for (Path leftover : listed("\\.tmp-step-.*")) {
        delete(leftover);
      }
      List<Path> saved = listed("step-\\d{8}");
      for (Path directory : saved.reversed()) {
        try {
          return Optional.of(load(directory, model));
        } catch (IOException damaged) {
          say("passing over " + directory + ": " + damaged);
        }
      }
      if (!saved.isEmpty()) {
        // Beginning anew would replace them one by one.
        throw new Refusal(
            "no checkpoint in " + out + " can be read. To begin anew, move them away");
      }
      return Optional.empty();
    }

    private static Saved load(Path directory, Model model) throws IOException {
      String state = Files.readString(directory.resolve("trainer_state.json"));
      var weights = new TreeMap<String, float[]>();
      var moments = new TreeMap<String, float[]>();
      for (Tensor tensor : model.tensors) {
        weights.put(tensor.name, new float[tensor.value.length]);
        moments.put("exp_avg." + tensor.name, new float[tensor.value.length]);
        moments.put("exp_avg_sq." + tensor.name, new float[tensor.value.length]);
      }
      Safetensors.read(directory.resolve("model.safetensors"), weights);
      Safetensors.read(directory.resolve("optimizer.safetensors"), moments);
      var saved =
          new Saved(
              Integer.parseInt(Safetensors.find(state, "\"global_step\": ?(\\d{1,8})\\b")),
              Long.parseLong(Safetensors.find(state, "\"seed\": ?(\\d{1,9})\\b")),
              Float.parseFloat(Safetensors.find(state, "\"loss\": ?([-0-9.E]+)")));
      for (Tensor tensor : model.tensors) {
        copy(weights.get(tensor.name), tensor.value);
        copy(moments.get("exp_avg." + tensor.name), tensor.mean);
        copy(moments.get("exp_avg_sq." + tensor.name), tensor.square);
      }
      return saved;
    }

    private static void copy(float[] from, float[] to) {
      System.arraycopy(from, 0, to, 0, to.length);
    }

    /// Writes into a hidden directory, brings every byte to the disk, and only then gives it its
    /// name.
    void save(Model model, Saved saved) throws IOException {
      String name = "step-%08d".formatted(saved.step());
      Path temp = Files.createDirectories(out.resolve(".tmp-" + name));
      var weights = new ArrayList<Safetensors.Entry>();
      var moments = new ArrayList<Safetensors.Entry>();
      for (Tensor tensor : model.tensors) {
        weights.add(new Safetensors.Entry(tensor.name, tensor.shape, tensor.value));
        moments.add(new Safetensors.Entry("exp_avg." + tensor.name, tensor.shape, tensor.mean));
        moments.add(
            new Safetensors.Entry("exp_avg_sq." + tensor.name, tensor.shape, tensor.square));
      }
      String step = Integer.toString(saved.step());
      var next = new Rng(saved.seed(), saved.step());
      Safetensors.write(
          temp.resolve("model.safetensors"), weights, Map.of("format", "char-lm", "step", step));
      Safetensors.write(
          temp.resolve("optimizer.safetensors"),
          moments,
          Map.of("step", step, "seed", Long.toString(saved.seed()), "rng_state", next.hex()));
      String state = "{\"global_step\": %d, \"seed\": %d, \"loss\": %s}\n";
      CharLm.write(
          temp.resolve("trainer_state.json"),
          ByteBuffer.wrap(
              state.formatted(saved.step(), saved.seed(), saved.loss()).getBytes(UTF_8)));
      sync(temp);
      delete(out.resolve(name));
      Files.move(temp, out.resolve(name), StandardCopyOption.ATOMIC_MOVE);
      sync(out);
      say("saved " + out.resolve(name));
      List<Path> all = listed("step-\\d{8}");
      for (Path old : all.subList(0, Math.max(0, all.size() - keep))) {
        delete(old);
      }
    }

    private List<Path> listed(String pattern) throws IOException {
      try (Stream<Path> found = Files.list(out)) {
        return found
            .filter(path -> path.getFileName().toString().matches(pattern))
            .sorted()
            .toList();
      }
    }

    /// Renames first: a kill in the middle must not leave half a checkpoint under a good name.
    private void delete(Path directory) throws IOException {
      if (!Files.exists(directory)) {
        return;
      }
      Path doomed = out.resolve(".tmp-step-doomed");
      if (!directory.equals(doomed)) {
        delete(doomed);
        Files.move(directory, doomed, StandardCopyOption.ATOMIC_MOVE);
      }
      try (Stream<Path> found = Files.walk(doomed)) {
        for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  /// The safetensors format: eight bytes of header length, a JSON header, then the numbers,
  /// little-endian.
  static final class Safetensors {
    /// A tensor to be written.
    record Entry(String name, int[] shape, float[] value) {}

    static void write(Path file, List<Entry> entries, Map<String, String> metadata)
        throws IOException {
      var sorted = entries.stream().sorted(Comparator.comparing(Entry::name)).toList();
      var header = new StringBuilder("{\"__metadata__\":{");
      new TreeMap<>(metadata)
          .forEach((key, value) -> header.append("\"%s\":\"%s\",".formatted(key, value)));
      header.setCharAt(header.length() - 1, '}');
      long end = 0;
      for (Entry entry : sorted) {
        String shape = Arrays.toString(entry.shape()).replace(" ", "");
        header.append(
            ",\"%s\":{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":[%d,"
                .formatted(entry.name(), shape, end));
        end += 4L * entry.value().length;
        header.append(end).append("]}");
      }
      header.append("}");
      header.append(" ".repeat((8 - header.length() % 8) % 8));
      ByteBuffer data =
          ByteBuffer.allocate(8 + header.length() + (int) end).order(ByteOrder.LITTLE_ENDIAN);
      data.putLong(header.length()).put(header.toString().getBytes(UTF_8));
      sorted.forEach(entry -> {
        data.asFloatBuffer().put(entry.value());
        data.position(data.position() + 4 * entry.value().length);
      });
      CharLm.write(file, data.flip());
    }

    /// Fills the arrays by name; a file that lacks one, or has it in another size, is refused.
    static void read(Path file, Map<String, float[]> wanted) throws IOException {
      ByteBuffer data = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
      long length = data.remaining() < 8 ? -1 : data.getLong();
      if (length < 2 || length > data.remaining()) {
        throw new IOException(file + " is no safetensors file");
      }
      int start = 8 + (int) length;
      String header = new String(data.array(), 8, (int) length, UTF_8);
      for (var entry : wanted.entrySet()) {
        String at =
            find(
                header,
                "\""
                    + Pattern.quote(entry.getKey())
                    + "\":\\{[^}]*\"data_offsets\":\\[(\\d{1,9}),");
        int from = start + Integer.parseInt(at);
        if (from + 4L * entry.getValue().length > data.capacity()) {
          throw new IOException(file + " ends before " + entry.getKey());
        }
        data.position(from).asFloatBuffer().get(entry.getValue());
      }
    }

    static String find(String text, String pattern) throws IOException {
      Matcher matcher = Pattern.compile(pattern).matcher(text);
      if (!matcher.find()) {
        throw new IOException("nothing like " + pattern);
      }
      return matcher.group(1);
    }
  }

  /// Tells the terminal how it goes, about twice a second.
  static final class Progress {
    private final int steps;
    private long told = System.nanoTime();
    private int since;
    private float sum;

    Progress(int steps) {
      this.steps = steps;
    }

    void add(int step, float loss, float rate) {
      sum += loss;
      since++;
      long passed = System.nanoTime() - told;
      if (passed < PROGRESS_NANOS && step < steps) {
        return;
      }
      double speed = since * BATCH * 1e9 / passed;
      say(
          "step %d/%d loss %.3f lr %.1e %.0f chars/s"
              .formatted(step, steps, sum / since, rate, speed));
      told += passed;
      since = 0;
      sum = 0;
    }
  }
}
