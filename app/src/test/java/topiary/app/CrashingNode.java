package topiary.app;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import topiary.app.config.BadConfig;
import topiary.app.config.CredentialRule;
import topiary.app.config.NodeConfig;
import topiary.app.wire.Node;
import topiary.engine.model.InstanceKey;
import topiary.engine.port.CommandLog;
import topiary.engine.state.Command;
import topiary.engine.state.Entry;
import topiary.engine.state.Verdict;

/** A node that dies at a chosen step, as a process of its own, without a word. */
final class CrashingNode {

  /** Where in a step it dies. */
  enum Point {
    /** The step stands in the log as begun; its deed is not done. */
    BEGUN,
    /** Its deed is done; the log does not know. */
    DONE
  }

  private CrashingNode() {}

  static ProcessBuilder process(Rig rig, Point point, int step) {
    return Rig.java(
        CrashingNode.class,
        rig.data.toString(),
        rig.lab.credentials().user(),
        rig.lab.credentials().file().toString(),
        rig.address("p"),
        point.name(),
        Integer.toString(step));
  }

  /** Data folder, user, password file, a server, point and step. */
  public static void main(String[] args) throws BadConfig, InterruptedException {
    var config =
        new NodeConfig(
            "127.0.0.1",
            0,
            Path.of(args[0]),
            List.of(InstanceKey.parse(args[3])),
            List.of(
                new CredentialRule(
                    "*", args[1], new CredentialRule.Source.InFile(Path.of(args[2])))),
            NodeConfig.polling(Rig.POLL));
    Point point = Point.valueOf(args[4]);
    int step = Integer.parseInt(args[5]);
    var node = new Node(config, fault -> die(), log -> new Deadly(log, point, step));
    node.start();
    System.out.println("ready " + node.address());
    new CountDownLatch(1).await();
  }

  private static void die() {
    Runtime.getRuntime().halt(137);
  }

  /** A log that ends the process. */
  private record Deadly(CommandLog inner, Point point, int step) implements ForwardingLog {

    @Override
    public CompletableFuture<Verdict> submit(Entry entry) {
      if (point == Point.DONE
          && entry.command() instanceof Command.EndStep end
          && end.number() == step) {
        die();
      }
      CompletableFuture<Verdict> answer = inner.submit(entry);
      if (point == Point.BEGUN
          && entry.command() instanceof Command.BeginStep begin
          && begin.number() == step) {
        answer.join();
        die();
      }
      return answer;
    }
  }
}
