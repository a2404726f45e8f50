package topiary.engine.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import topiary.engine.fake.SharedLog;
import topiary.engine.manager.Manager;
import topiary.engine.model.InstanceKey;
import topiary.lab.sim.Kind;

/** Simulated servers in a world of one thread; for one operation. */
final class FakeField implements Field, AutoCloseable {

  private final FakeTree tree;
  private final SharedLog log = new SharedLog();
  private Manager a;
  private Manager b;

  FakeField(Kind kind) {
    tree = new FakeTree(kind, 1);
  }

  /** The address that a server of this name has. */
  static InstanceKey keyOf(String name) {
    return new InstanceKey("10.0.0." + (1 + "pabcdefq".indexOf(name)), 3306);
  }

  /** What takes more than seven servers that replicate. */
  FakeTree tree() {
    return tree;
  }

  @Override
  public InstanceKey key(String name) {
    return keyOf(name);
  }

  @Override
  public <T> T run(Callable<T> work) throws Exception {
    return tree.world().run(work);
  }

  @Override
  public void begin(Cases.Case what) throws Exception {
    InstanceKey a1 = tree.servers().replica(tree.head());
    tree.servers().replica(tree.head());
    tree.servers().replica(tree.head());
    InstanceKey d = tree.servers().replica(a1);
    tree.servers().replica(a1);
    InstanceKey f = tree.servers().replica(d);
    // It has always something that it received and has not applied.
    tree.servers().server(f).lag(1, tree.world().micros());
    tree.world().pause(Duration.ofSeconds(1));
    what.ground().accept(this);
    a = tree.manager(log.member("a"), log.log(), Set.of());
    b = tree.manager(log.member("b"), log.log(), Set.of());
    log.elect("a");
    b.start();
    a.start();
    for (InstanceKey key : tree.servers().keys()) {
      a.discover(key, FakeTree.DBA);
    }
    tree.awaitSeen(a);
    tree.awaitSeen(b);
  }

  @Override
  public SharedLog log() {
    return log;
  }

  @Override
  public Manager a() {
    return a;
  }

  @Override
  public Manager b() {
    return b;
  }

  @Override
  public Map<InstanceKey, Stand.Shape> shapes() {
    var shapes = new LinkedHashMap<InstanceKey, Stand.Shape>();
    tree.stands().forEach((key, stand) -> shapes.put(key, stand.shape()));
    return shapes;
  }

  @Override
  public String ask(InstanceKey key, String sql, String column) {
    return tree.servers().truth(key, sql).first().map(row -> row.get(column)).orElse("");
  }

  @Override
  public String sentence(InstanceKey key) {
    return tree.stand(key).sentence(key);
  }

  @Override
  public void await(BooleanSupplier condition, String otherwise) {
    long end = tree.world().nanos() + Duration.ofMinutes(10).toNanos();
    while (!condition.getAsBoolean()) {
      if (tree.world().nanos() > end) {
        throw new AssertionError(otherwise);
      }
      tree.world().pause(Duration.ofMillis(20));
    }
  }

  @Override
  public void level() {
    tree.everybodyComesLevel();
  }

  @Override
  public List<String> wrongs() {
    var wrongs = new ArrayList<String>();
    tree.world().deaths().forEach(death -> wrongs.add("a task died of " + death));
    wrongs.addAll(tree.wrongs());
    return wrongs;
  }

  @Override
  public void close() {
    tree.close();
  }
}
