package topiary.app.hooks;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import topiary.app.config.HookConfig;
import topiary.engine.policy.HookList;
import topiary.engine.port.Hooks;
import topiary.engine.recovery.HookText;

/**
 * Runs hooks by a shell, each in a session of its own, so that it is ended with all it has started
 * when its time is over. It reads nothing. Thread-safe.
 */
public final class ShellHooks implements Hooks {

  private static final System.Logger LOG = System.getLogger(ShellHooks.class.getName());

  /** Makes a session of its own for what it becomes; Linux has it. */
  private static final List<Path> SETSID =
      List.of(Path.of("/usr/bin/setsid"), Path.of("/bin/setsid"));

  private static final List<Path> KILL = List.of(Path.of("/bin/kill"), Path.of("/usr/bin/kill"));

  /** How long the rest of what it wrote may take once it has ended. */
  private static final Duration REST = Duration.ofMillis(500);

  /** How often it is looked what it has started, so that this is found when it is ended. */
  private static final Duration LOOK = Duration.ofMillis(200);

  private static final int CHUNK = 8192;

  private final HookConfig config;
  private final String node;
  private final BiConsumer<String, Runnable> background;

  /**
   * Hooks.
   *
   * @param node what this node is called
   * @param background runs what is waited for elsewhere, by a name
   */
  public ShellHooks(HookConfig config, String node, BiConsumer<String, Runnable> background) {
    this.config = config;
    this.node = node;
    this.background = background;
  }

  @Override
  public int count(HookList list) {
    return config.of(list).size();
  }

  @Override
  public Done run(Call call) throws InterruptedException {
    String text = config.of(call.list()).get(call.number() - 1).strip();
    boolean apart = text.endsWith("&") && !text.endsWith("&&");
    HookText hook = text(apart ? text.substring(0, text.length() - 1) : text, call);
    String name = "hook " + call.number() + " of " + call.list().word() + " for " + call.of();
    List<String> arguments = arguments(call);
    if (!apart) {
      return await(hook, arguments);
    }
    background.accept(
        name,
        () -> {
          try {
            Done done = await(hook, arguments);
            LOG.log(
                done.failure().isPresent() ? System.Logger.Level.WARNING : System.Logger.Level.INFO,
                name
                    + ", which nobody waits for, "
                    + done.failure().map("failed: "::concat).orElse("is done")
                    + (done.output().isBlank() ? "" : ". It wrote: " + done.output().strip()));
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    return new Done(Optional.empty(), "It goes on by itself, and nobody waits for it.");
  }

  private HookText text(String command, Call call) {
    var facts = new HashMap<>(call.facts());
    facts.put("orchestratorHost", node);
    facts.put("hook", call.list().word());
    facts.put("hookNumber", Integer.toString(call.number()));
    facts.put("attempt", Integer.toString(call.attempt()));
    return HookText.of(command, facts);
  }

  /** What a command finds as its arguments: in one list only, where orchestrator has them. */
  private static List<String> arguments(Call call) {
    return call.list() == HookList.AFTER_TAKE_SOURCE
        ? List.of(
            "topiary",
            call.facts().getOrDefault("successorHost", ""),
            call.facts().getOrDefault("failedHost", ""))
        : List.of();
  }

  private Done await(HookText hook, List<String> arguments) throws InterruptedException {
    var words = new ArrayList<String>();
    Optional<Path> session = there(SETSID);
    session.ifPresent(path -> words.add(path.toString()));
    words.addAll(List.of(config.shell(), "-c", hook.command()));
    words.addAll(arguments);
    var builder =
        new ProcessBuilder(words).redirectInput(new File("/dev/null")).redirectErrorStream(true);
    builder.environment().putAll(hook.environment());
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      return new Done(Optional.of("it cannot be run: " + e.getMessage()), "");
    }
    var reader = new Reader(process.getInputStream());
    background.accept("output of a hook", reader);
    Set<ProcessHandle> started = new LinkedHashSet<>();
    try {
      boolean ended = ended(process, started);
      if (!ended) {
        end(process, started, session.isPresent());
      }
      reader.await(REST);
      return new Done(failure(process, ended), reader.text());
    } catch (InterruptedException e) {
      end(process, started, session.isPresent());
      throw e;
    } finally {
      reader.close();
    }
  }

  private boolean ended(Process process, Set<ProcessHandle> started) throws InterruptedException {
    long end = System.nanoTime() + config.limit().toNanos();
    while (true) {
      long left = end - System.nanoTime();
      if (process.waitFor(Math.max(0, Math.min(left, LOOK.toNanos())), TimeUnit.NANOSECONDS)) {
        return true;
      }
      if (left <= 0) {
        return false;
      }
      process.descendants().forEach(started::add);
    }
  }

  private Optional<String> failure(Process process, boolean ended) {
    if (!ended) {
      return Optional.of(
          "it was ended after " + seconds(config.limit()) + " s, with all it had started");
    }
    return process.exitValue() == 0
        ? Optional.empty()
        : Optional.of("it ended with " + process.exitValue());
  }

  private static String seconds(Duration time) {
    return time.toMillis() % 1000 == 0
        ? Long.toString(time.toSeconds())
        : Double.toString(time.toMillis() / 1000.0);
  }

  /** Ends it and all it has started, also what has left it since. */
  private static void end(Process process, Set<ProcessHandle> started, boolean session) {
    List<ProcessHandle> below = Stream.concat(started.stream(), process.descendants()).toList();
    // First itself, so that it begins nothing new and says nothing of the end of the others.
    process.destroyForcibly();
    below.forEach(ProcessHandle::destroyForcibly);
    if (session && there(KILL).isPresent()) {
      try {
        new ProcessBuilder(there(KILL).get().toString(), "-KILL", "--", "-" + process.pid())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor(1, TimeUnit.SECONDS);
      } catch (IOException e) {
        LOG.log(System.Logger.Level.WARNING, "what a hook had started is not ended", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static Optional<Path> there(List<Path> paths) {
    return paths.stream().filter(Files::isExecutable).findFirst();
  }

  /** Takes what it writes, so that it never waits for somebody to read. */
  private static final class Reader implements Runnable {
    private final InputStream in;
    private final Output output = new Output();
    private final CountDownLatch over = new CountDownLatch(1);

    Reader(InputStream in) {
      this.in = in;
    }

    @Override
    public void run() {
      var chunk = new byte[CHUNK];
      try {
        int length;
        while ((length = in.read(chunk)) >= 0) {
          synchronized (output) {
            output.add(chunk, length);
          }
        }
      } catch (IOException e) {
        LOG.log(System.Logger.Level.DEBUG, "no more is read of a hook that has ended", e);
      } finally {
        over.countDown();
      }
    }

    /** What it left running may hold its output open for as long as it likes. */
    void await(Duration most) throws InterruptedException {
      over.await(most.toMillis(), TimeUnit.MILLISECONDS);
    }

    String text() {
      synchronized (output) {
        return output.text();
      }
    }

    void close() {
      try {
        in.close();
      } catch (IOException e) {
        LOG.log(System.Logger.Level.DEBUG, "the output of a hook cannot be closed", e);
      }
    }
  }
}
