package topiary.app.rehearse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import topiary.engine.port.CommandLog;
import topiary.engine.port.Leadership;
import topiary.engine.state.Command;
import topiary.engine.state.Deeds;
import topiary.engine.state.Entry;
import topiary.engine.state.ManagerState;
import topiary.engine.state.Verdict;

/**
 * A command log that ends its process at a moment of a recovery, at once and without a word, as
 * {@code kill -9} would. Each thing that a recovery writes is a moment, once it stands in the log
 * and before its writer knows; the end of a step is one more before it, when its deed is done and
 * the log does not know. They are counted from the recovery's opening on. Only a rehearsal starts a
 * node with this around its log; nothing that a node is told can. Thread-safe.
 */
public final class MortalLog implements CommandLog {

  /** As a shell tells of who was killed with signal 9. */
  private static final int KILLED = 137;

  private static final String WANTED = "moment";
  private static final String MET = "met";

  private final CommandLog inner;
  private final Path fate;
  private final Runnable end;

  /** So many moments there were in the recovery that this process has opened. */
  private int met;

  private boolean counting;
  private int wanted;

  /**
   * Around another.
   *
   * @param fate a folder in which the rehearsal says when, and finds what there was
   */
  public MortalLog(CommandLog inner, Path fate) {
    this(inner, fate, () -> Runtime.getRuntime().halt(KILLED));
  }

  /**
   * The same.
   *
   * @param end what ends the process
   */
  MortalLog(CommandLog inner, Path fate, Runnable end) {
    this.inner = inner;
    this.fate = fate;
    this.end = end;
  }

  // ---- the rehearsal's side

  /** From the next recovery on: whoever comes to this moment first dies of it, and nobody else. */
  static void end(Path fate, int moment) throws IOException {
    Files.writeString(fate.resolve(WANTED), Integer.toString(moment));
  }

  /** The moments that there were, in words. */
  static List<String> met(Path fate) throws IOException {
    Path file = fate.resolve(MET);
    return Files.exists(file) ? Files.readAllLines(file, StandardCharsets.UTF_8) : List.of();
  }

  // ---- the node's side

  @Override
  public CompletableFuture<Verdict> submit(Entry entry) {
    Command command = entry.command();
    return ofRecovery(command) && dies(command)
        ? inner.submit(entry).thenApply(verdict -> die())
        : inner.submit(entry);
  }

  /** Whether it is this command that the process is not to outlive. */
  private synchronized boolean dies(Command command) {
    if (command instanceof Command.OpenRecovery) {
      counting = true;
      met = 0;
      wanted = read();
    }
    if (!counting) {
      return false;
    }
    counting = !(command instanceof Command.CloseRecovery);
    String words = Deeds.words(command).lines().findFirst().orElse("");
    if (command instanceof Command.EndStep && meets("not yet written: " + words)) {
      die();
    }
    return meets(words);
  }

  private static boolean ofRecovery(Command command) {
    return command instanceof Command.OpenRecovery
        || command instanceof Command.ChooseSuccessor
        || command instanceof Command.CloseRecovery
        || command instanceof Command.OpenPlan
        || command instanceof Command.BeginStep
        || command instanceof Command.EndStep
        || command instanceof Command.ClosePlan;
  }

  private boolean meets(String words) {
    met++;
    try {
      Files.writeString(
          fate.resolve(MET),
          words + "\n",
          StandardCharsets.UTF_8,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
      return met == wanted;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private int read() {
    try {
      return Integer.parseInt(Files.readString(fate.resolve(WANTED)).strip());
    } catch (NoSuchFileException e) {
      // Nobody is to die of it.
      return 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whoever goes on with the recovery is to live. */
  private Verdict die() {
    try {
      Files.delete(fate.resolve(WANTED));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    end.run();
    throw new IllegalStateException("this process was to have ended");
  }

  @Override
  public ManagerState state() {
    return inner.state();
  }

  @Override
  public Leadership leadership() {
    return inner.leadership();
  }

  @Override
  public CompletableFuture<Void> confirm(long term) {
    return inner.confirm(term);
  }

  @Override
  public void follow(Follower follower) {
    inner.follow(follower);
  }
}
