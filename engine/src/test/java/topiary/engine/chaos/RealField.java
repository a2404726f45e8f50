package topiary.engine.chaos;

import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import topiary.engine.fake.Ground;
import topiary.engine.fake.SharedLog;
import topiary.engine.manager.Manager;
import topiary.engine.model.InstanceKey;
import topiary.engine.port.ServerTrouble;

/** Real servers that are written to; for one operation after the other. */
final class RealField implements Field, AutoCloseable {

  private final RealTree tree;
  private final Map<InstanceKey, Stand.Shape> home;
  private SharedLog log;
  private Ground.Topiary a;
  private Ground.Topiary b;

  RealField(RealTree tree) throws ServerTrouble {
    this.tree = tree;
    home = new LinkedHashMap<>(tree.shapes());
  }

  @Override
  public InstanceKey key(String name) {
    return tree.ground().key(name);
  }

  @Override
  public <T> T run(Callable<T> work) throws Exception {
    return work.call();
  }

  /**
   * Nodes that have no more than they know are the same as new ones, and sooner there. What is used
   * most takes no other ground than this tree.
   */
  @Override
  public void begin(Cases.Case what) throws Exception {
    assertSame(Cases.PLAIN, what.ground());
    tree.restore(home);
    tree.comeAfter();
    if (a == null) {
      log = new SharedLog();
      a = tree.ground().topiary(log.member("a"), log.log(), RealTree.QUICK, Set::of);
      b = tree.ground().topiary(log.member("b"), log.log(), RealTree.QUICK, Set::of);
      log.elect("a");
      b.manager().start();
      a.discover(key("f"), RealTree.SIZE);
      b.awaitSeen(RealTree.SIZE);
    }
    log.elect("a");
    for (InstanceKey key : home.keySet()) {
      a().refresh(key);
      b().refresh(key);
    }
  }

  /** What nodes know that saw something go wrong is not what others begin with. */
  void forget() {
    if (a != null) {
      a.close();
      b.close();
      a = null;
      b = null;
    }
  }

  @Override
  public SharedLog log() {
    return log;
  }

  @Override
  public Manager a() {
    return a.manager();
  }

  @Override
  public Manager b() {
    return b.manager();
  }

  @Override
  public Map<InstanceKey, Stand.Shape> shapes() throws ServerTrouble {
    return tree.shapes();
  }

  @Override
  public String ask(InstanceKey key, String sql, String column) throws ServerTrouble {
    return tree.ask(key, sql).first().map(row -> row.get(column)).orElse("");
  }

  /** Whether it is connected by now only time tells. */
  @Override
  public String sentence(InstanceKey key) throws ServerTrouble {
    String whole = tree.stand(key).sentence(key);
    return whole.substring(0, whole.indexOf(','));
  }

  @Override
  public void await(BooleanSupplier condition, String otherwise) {
    Ground.await(condition, otherwise);
  }

  /** That is seen once, when all are over. */
  @Override
  public void level() {}

  @Override
  public List<String> wrongs() {
    var wrongs = new ArrayList<String>();
    a.threads().deaths().forEach(death -> wrongs.add("a task of the first died of " + death));
    b.threads().deaths().forEach(death -> wrongs.add("a task of the other died of " + death));
    return wrongs;
  }

  @Override
  public void close() {
    forget();
  }
}
