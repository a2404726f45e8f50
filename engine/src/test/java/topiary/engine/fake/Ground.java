package topiary.engine.fake;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.Assumptions;
import topiary.engine.manager.By;
import topiary.engine.manager.Manager;
import topiary.engine.manager.Policies;
import topiary.engine.manager.Ports;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.NodeId;
import topiary.engine.mysql.JdbcFleet;
import topiary.engine.policy.TlsMode;
import topiary.engine.port.CommandLog;
import topiary.engine.port.PlanJournal;
import topiary.engine.port.Tls;
import topiary.lab.Lab;
import topiary.lab.LabSpec;
import topiary.lab.Member;
import topiary.lab.MemberStatus;
import topiary.lab.base.Await;
import topiary.lab.base.Cache;
import topiary.lab.base.LabException;
import topiary.lab.flavor.Flavor;
import topiary.lab.flavor.Flavors;
import topiary.lab.flavor.ServerView;

/** Real servers, what they say themselves, and any number of Topiaries that manage them. */
public final class Ground implements AutoCloseable {

  /** Longer than anything here takes on a busy machine. */
  public static final Duration LIMIT = Duration.ofSeconds(20);

  private final Lab lab;

  /** Whether they have certificates, which nobody but they can read. */
  private final boolean hidden;

  private Ground(Lab lab) {
    this(lab, false);
  }

  private Ground(Lab lab, boolean hidden) {
    this.lab = lab;
    this.hidden = hidden;
  }

  /**
   * The kinds of servers that long tests run on: of each family the one that is used today; with
   * {@code -Dtopiary.flavors=all} every one.
   */
  public static List<Flavor> flavors() {
    return "all".equals(System.getProperty("topiary.flavors"))
        ? Flavors.all()
        : List.of(Flavors.standard(), Flavors.named("mysql-9.7"));
  }

  /** For what is shown on one kind already: the standard one, or all where all are wanted. */
  public static List<Flavor> oneFlavor() {
    List<Flavor> all = flavors();
    return "all".equals(System.getProperty("topiary.flavors")) ? all : all.subList(0, 1);
  }

  public static Ground up(String name, String tree) {
    return up(name, tree, Flavors.standard());
  }

  /** Servers of a kind; a test is skipped, with the reason, where their programs are not there. */
  public static Ground up(String name, String tree, Flavor flavor) {
    return new Ground(Lab.start(spec(name, tree, flavor)));
  }

  /** The same, whose replicas go by file and position. */
  public static Ground withoutGtid(String name, String tree, Flavor flavor) {
    return new Ground(Lab.start(spec(name, tree, flavor).withoutGtid()));
  }

  /** The same, whose commits wait until a replica has received them. */
  public static Ground semiSync(String name, String tree, Flavor flavor) {
    return new Ground(Lab.start(spec(name, tree, flavor).semiSync()));
  }

  /** The same, with a proxy before each server, so that links can be cut and slowed. */
  public static Ground proxied(String name, String tree, Flavor flavor) {
    return new Ground(Lab.start(spec(name, tree, flavor).proxied()));
  }

  private static LabSpec spec(String name, String tree, Flavor flavor) {
    Cache cache = Cache.at(Path.of("target", "cache")).withServersOf(Cache.standard());
    Flavors.absent(flavor, cache).ifPresent(Assumptions::abort);
    return LabSpec.of(cache, Lab.freeName(cache, name), tree).flavor(flavor);
  }

  /** The same, with disks that can be full; skipped where the kernel does not allow it. */
  public static Ground smallDisks(String name, String tree, Flavor flavor) {
    LabSpec spec = spec(name, tree, flavor).smallDisks();
    try {
      return new Ground(Lab.start(spec), flavor.id().startsWith("mysql-9"));
    } catch (LabException e) {
      return Assumptions.abort("no small disks here: " + e.getMessage());
    }
  }

  public Lab lab() {
    return lab;
  }

  public InstanceKey key(String member) {
    Member m = lab.member(member);
    return new InstanceKey(m.host(), m.port());
  }

  /** Topiary's account on these servers. */
  public Passwords passwords() {
    return new Passwords(lab.credentials().user(), lab.credentials().password(), tls())
        .replicating(lab.replication().user(), lab.replication().password());
  }

  /** Servers that have a certificate are asked for it, and it is checked. */
  private Tls tls() {
    return lab.authority()
        .map(pem -> new Tls(TlsMode.VERIFY_CA, Optional.of(pem)))
        .orElse(hidden ? new Tls(TlsMode.REQUIRED, Optional.empty()) : Tls.PREFERRED);
  }

  /** A Topiary of its own threads and eyes; whoever shares a log with another is its successor. */
  public Topiary topiary(MemoryLog log, Policies policies) {
    return topiary(log, log, policies);
  }

  /** As above, with a log that others write too. */
  public Topiary topiary(CommandLog log, PlanJournal journal, Policies policies) {
    return topiary(log, journal, policies, Set::of);
  }

  /** As above, of a cluster of these nodes. */
  public Topiary topiary(
      CommandLog log, PlanJournal journal, Policies policies, Supplier<Set<NodeId>> members) {
    return topiary(passwords(), log, journal, policies, members);
  }

  /** A Topiary of any servers that this account is good for. */
  public static Topiary topiary(
      Passwords passwords,
      CommandLog log,
      PlanJournal journal,
      Policies policies,
      Supplier<Set<NodeId>> members) {
    var threads = new Threads();
    var manager =
        new Manager(
            new Ports(
                new JdbcFleet(passwords, threads),
                log,
                journal,
                new RealClock(),
                threads,
                (topology, touched) -> {},
                UUID::randomUUID,
                members),
            policies);
    return new Topiary(manager, threads);
  }

  /**
   * A running manager.
   *
   * @param manager the manager
   * @param threads what it runs on
   */
  public record Topiary(Manager manager, Threads threads) implements AutoCloseable {

    /** Takes a whole tree in, and waits until all of it is seen. */
    public void discover(InstanceKey any, int size) throws Exception {
      manager.start();
      manager.discover(any, new By("tester", "test"));
      awaitSeen(size);
    }

    public void awaitSeen(int size) {
      await(
          () ->
              manager.topology().instances().size() == size
                  && manager.topology().instances().values().stream().allMatch(i -> i.seen()),
          "not everybody is seen");
    }

    @Override
    public void close() {
      threads.close();
      manager.close();
    }
  }

  /** Waits for a condition, and fails when it does not come true. */
  public static void await(BooleanSupplier condition, String otherwise) {
    if (!Await.holds(LIMIT, condition)) {
      throw new AssertionError(otherwise);
    }
  }

  /** Does something on a server with all rights. */
  public void tell(String member, String... statements) {
    try (Connection connection = lab.connection(member);
        var statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new AssertionError(member + ": " + e.getMessage(), e);
    }
  }

  /** The first row a server answers with. */
  public Map<String, String> ask(String member, String sql) {
    try (Connection connection = lab.connection(member)) {
      return ask(connection, sql);
    } catch (SQLException e) {
      throw new AssertionError(member + ": " + e.getMessage(), e);
    }
  }

  /** As {@link #ask(String, String)}, over a connection that is there. */
  public static Map<String, String> ask(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement();
        var result = statement.executeQuery(sql)) {
      var row = new HashMap<String, String>();
      if (result.next()) {
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          row.put(result.getMetaData().getColumnLabel(i), result.getString(i));
        }
      }
      return row;
    }
  }

  /** Where a server says it replicates from, and how: {@code p Yes Yes}. */
  public String stands(String member) {
    MemberStatus status =
        lab.status(LIMIT).stream()
            .filter(s -> s.member().name().equals(member))
            .findFirst()
            .orElseThrow();
    return status
        .view()
        .flatMap(ServerView::replication)
        .map(r -> status.source().orElseThrow() + yes(r.receiving()) + yes(r.applying()))
        .orElse("-");
  }

  private static String yes(boolean yes) {
    return yes ? " Yes" : " No";
  }

  /** Whether a server says that it replicates from another. */
  public boolean follows(String member, String source) {
    return stands(member).equals(source + " Yes Yes");
  }

  /** Brings every server back to where it was when the lab was started. */
  public void restore() {
    List<Member> replicas = lab.members().stream().filter(m -> m.source().isPresent()).toList();
    String head = lab.members().getFirst().name();
    for (Member m : lab.members()) {
      if (m.state() == Member.State.HUNG) {
        lab.resume(m.name());
      }
    }
    for (Member m : replicas) {
      String source = m.source().orElseThrow();
      if (!follows(m.name(), source)) {
        tell(
            m.name(),
            "STOP SLAVE",
            "CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT=" + lab.member(source).port(),
            "START SLAVE");
      }
    }
    for (Member m : replicas) {
      await(() -> follows(m.name(), m.source().orElseThrow()), m.name() + " does not come back");
      await(
          () -> executed(m.name()).equals(executed(head)), m.name() + " does not come level again");
    }
  }

  private String executed(String member) {
    return Optional.ofNullable(ask(member, "SELECT @@gtid_current_pos AS p").get("p")).orElse("");
  }

  @Override
  public void close() {
    lab.close();
  }
}
