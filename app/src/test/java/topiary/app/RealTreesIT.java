package topiary.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import topiary.app.cli.Exit;
import topiary.app.desktop.model.Picture;
import topiary.app.desktop.model.ServerCard;
import topiary.engine.model.InstanceKey;
import topiary.lab.Lab;
import topiary.lab.LabSpec;
import topiary.lab.Member;
import topiary.lab.flavor.Flavor;
import topiary.lab.flavor.Flavors;

/**
 * A tree of every shape there is, of real servers, and what is said of it: by our API, by
 * orchestrator's, by the command line, and in the window.
 *
 * <p>Co-masters {@code p} and {@code q}; three levels, {@code p}, {@code r1}, {@code l1}; a server
 * that takes TLS only, {@code r1}, whose replica goes by file and position; {@code d} is held back
 * for an hour; {@code f} is filtered; {@code m} has two sources, {@code q} and {@code o}; all but
 * {@code f} acknowledge what they receive.
 */
class RealTreesIT {

  private static final String TREE = "p(r1(l1),d,f)<>q(m),o(m)";

  private static final List<String> SOURCES =
      List.of("p q", "r1 p", "l1 r1", "d p", "f p", "q p", "m q", "o");

  private Rig rig;
  private boolean maria;

  /** Both kinds of servers; the others say the same in fewer words. */
  static List<Flavor> flavors() {
    return Stream.of("mariadb-11.4", "mysql-9.7").map(Flavors::named).toList();
  }

  @ParameterizedTest
  @MethodSource("flavors")
  void everyShapeIsToldAsItIs(Flavor flavor) throws Exception {
    maria = flavor.id().startsWith("mariadb");
    try (Rig here = Rig.of(spec(flavor))) {
      rig = here;
      dress();
      rig.startNode();
      rig.http().post("discover", Map.of("instance", rig.address("l1")));
      var sources = new LinkedHashMap<String, String>();
      SOURCES.forEach(
          line -> sources.put(line.split(" ")[0], (line + " ").split(" ", 2)[1].trim()));
      rig.awaitTree(sources);
      Until.holds("all acknowledge but f", () -> same(semiSync(), ours("semiSync")));
      ourApi();
      orchestratorsApi();
      commandLine();
      window();
    }
  }

  private LabSpec spec(Flavor flavor) throws Exception {
    LabSpec spec =
        LabSpec.of(Rig.cache(), Lab.freeName(Rig.cache(), "shapes"), TREE)
            .flavor(flavor)
            .semiSync()
            .options("f", "replicate-ignore-db=junk\nreplicate-wild-ignore-table=shop.tmp%");
    if (!maria) {
      // It has made its certificates itself.
      return spec;
    }
    Path folder = Files.createDirectories(Rig.folder("certs"));
    Certs certs = Certs.in(folder);
    return spec.options(
        "r1",
        "ssl=ON\nssl-cert=%s\nssl-key=%s\nssl-ca=%s"
            .formatted(certs.certificate("n1"), certs.key("n1"), certs.authority()));
  }

  /** What the lab does not do: after it, as it brings up servers that are level. */
  private void dress() throws Exception {
    String replica = maria ? "SLAVE" : "REPLICA";
    String change = maria ? "CHANGE MASTER TO MASTER" : "CHANGE REPLICATION SOURCE TO SOURCE";
    String byPosition =
        maria
            ? "_USE_GTID=no, MASTER_SSL=1, MASTER_SSL_VERIFY_SERVER_CERT=0"
            : "_AUTO_POSITION=0, SOURCE_SSL=1";
    for (String member : List.of("d", "f", "l1")) {
      rig.sql(member, "STOP " + replica);
    }
    rig.sql("d", change + "_DELAY=3600");
    rig.sql("l1", change + byPosition);
    rig.sql("f", "SET GLOBAL rpl_semi_sync_" + replica.toLowerCase() + "_enabled=OFF");
    rig.sql("r1", "SET GLOBAL require_secure_transport=ON");
    for (String member : List.of("d", "f", "l1")) {
      rig.sql(member, "START " + replica);
    }
  }

  // ---- our API

  private void ourApi() throws Exception {
    String gtid = maria ? "SLAVE_POS" : "AUTO_POSITION";
    String tls = maria ? "" : " tls";
    assertEquals(
        """
        p depth 0: q by GTID TLS
        r1 depth 1: p by GTID TLS
        l1 depth 2: r1 by NONE tls
        d depth 1: p by GTID TLS held back 3600
        f depth 1: p by GTID TLS {Replicate_Ignore_DB=junk, Replicate_Wild_Ignore_Table=shop.tmp%}
        q depth 1: p by GTID TLS
        m depth 2: q by GTID TLS; o: o by GTID TLS
        o depth 0:\s
        """
            .replace("GTID", gtid)
            .replace(" TLS", tls),
        ours("channels"));
    assertEquals(semiSync(), ours("semiSync"));
    for (String member : List.of("p", "r1")) {
      var settings = rig.http().get("instance?instance=" + rig.address(member)).json();
      assertEquals(member.equals("r1"), settings.get("tlsRequired"), member);
      // Of the MariaDB servers only the one that takes nothing else was given a certificate.
      assertEquals(!maria || member.equals("r1"), settings.get("tlsAvailable"), member);
    }
    for (Member member : rig.lab.members()) {
      var alone = rig.http().get("instance?instance=" + member.address());
      var among = member(topology(), member.address());
      assertEquals(among.get("source"), alone.json().get("source"));
      assertEquals(true, among.get("readOnly").equals(!List.of("p", "o").contains(member.name())));
      assertEquals(null, alone.json().get("errantGtid"), alone.body());
      assertEquals(List.of(), alone.json().get("complaints"), alone.body());
    }
    assertEquals(2, rig.http().get("clusters").list().size());
  }

  private List<Map<String, Object>> topology() throws Exception {
    var got = rig.http().get("topology");
    assertEquals(200, got.status(), got.body());
    var all = new ArrayList<Map<String, Object>>();
    Caller.list(got.json().get("clusters"))
        .forEach(c -> all.addAll(Caller.list(c.get("instances"))));
    return all;
  }

  private static Map<String, Object> member(List<Map<String, Object>> all, String address) {
    return all.stream().filter(i -> i.get("instance").equals(address)).findFirst().orElseThrow();
  }

  /** What our API says of everybody, a line each. */
  private String ours(String what) throws Exception {
    var lines = new StringBuilder();
    List<Map<String, Object>> all = topology();
    for (Member member : rig.lab.members()) {
      Map<String, Object> i = member(all, member.address());
      lines.append(member.name());
      if (what.equals("channels")) {
        lines.append(" depth ").append(i.get("depth")).append(": ");
        lines.append(
            Caller.list(i.get("channels")).stream()
                .map(RealTreesIT::channel)
                .collect(Collectors.joining("; ")));
      } else {
        lines.append(ours((Map<?, ?>) i.get("semiSync")));
      }
      lines.append('\n');
    }
    return named(lines.toString());
  }

  private static String channel(Map<String, Object> c) {
    String name = c.get("name").equals("") ? "" : c.get("name") + ": ";
    boolean held = !c.get("delaySeconds").equals(0L) && !c.get("delaySeconds").equals(0);
    assertEquals("RUNNING RUNNING", c.get("io") + " " + c.get("sql"), c.toString());
    assertEquals(c.get("filters") != null, c.get("filtered"), c.toString());
    return name
        + c.get("source")
        + " by "
        + c.get("gtid")
        + (c.get("tls").equals(true) ? " tls" : "")
        + (held ? " held back " + c.get("delaySeconds") : "")
        + (c.get("filters") == null ? "" : " " + new TreeMap<>((Map<?, ?>) c.get("filters")));
  }

  private static String ours(Map<?, ?> s) {
    return " waits for %s of %s%s, acknowledges %s%s"
        .formatted(
            s.get("waitFor"),
            s.get("clients"),
            s.get("sourceActive").equals(true) ? "" : ", not now",
            s.get("replicaEnabled"),
            s.get("replicaEnabled").equals(s.get("replicaActive")) ? "" : ", not now");
  }

  /** MySQL's wait no more when there is nobody left to wait for; MariaDB's say they would. */
  private String semiSync() {
    return """
    p waits for 1 of 3, acknowledges true
    r1 waits for 1 of 1, acknowledges true
    l1 waits for 1 of 0, not now, acknowledges true
    d waits for 1 of 0, not now, acknowledges true
    f waits for 1 of 0, not now, acknowledges false
    q waits for 1 of 2, acknowledges true
    m waits for 1 of 0, not now, acknowledges true
    o waits for 1 of 1, acknowledges true, not now
    """
        .replace("of 0, not now", maria ? "of 0" : "of 0, not now");
  }

  // ---- orchestrator's

  private void orchestratorsApi() throws Exception {
    String cluster = rig.address("p");
    var members = rig.http().get("/api/cluster/" + cluster).list();
    String gtid = maria ? "UsingMariaDBGTID" : "UsingOracleGTID";
    assertEquals(
        """
        p depth 0 below q, GTID TLS IsCoMaster SemiSyncMasterStatus SemiSyncReplicaStatus
        r1 depth 1 below p, GTID TLS SemiSyncMasterStatus SemiSyncReplicaStatus
        l1 depth 2 below r1, AllowTLS LEAF SemiSyncReplicaStatus
        d depth 1 below p, GTID TLS LEAF SemiSyncReplicaStatus, delay 3600
        f depth 1 below p, GTID TLS HasReplicationFilters LEAF
        q depth 1 below p, GTID TLS IsCoMaster SemiSyncMasterStatus SemiSyncReplicaStatus
        m depth 2 below q, GTID TLS LEAF SemiSyncReplicaStatus
        """
            .replace("GTID", gtid)
            .replace(" LEAF", maria ? " SemiSyncMasterStatus" : "")
            .replace(" TLS", maria ? "" : " AllowTLS"),
        members.stream().map(this::theirs).collect(Collectors.joining()));
    var alone = rig.http().get("/api/cluster/" + rig.address("o")).list();
    assertEquals(
        "o depth 0 below :0, SemiSyncMasterStatus\n",
        alone.stream().map(this::theirs).collect(Collectors.joining()));
    var told = (Map<?, ?>) rig.http().get("/api/topology/" + slashed("p")).json();
    String drawn = named((String) told.get("Details")).replaceAll(" +\\[[^]]*]", "");
    assertEquals("+ p\n  + r1\n    + l1\n  + d\n  + f\n+ q\n  + m", drawn);
  }

  private String slashed(String member) {
    return rig.address(member).replace(':', '/');
  }

  /** What orchestrator's JSON says of a server, a line; and that its twins say the same. */
  private String theirs(Map<String, Object> i) {
    String what = i.toString();
    assertEquals(i.get("SlaveLagSeconds"), i.get("ReplicationLagSeconds"), what);
    assertEquals(i.get("SlaveHosts"), i.get("Replicas"), what);
    assertEquals(true, i.get("SemiSyncAvailable"), what);
    assertEquals("", i.get("GtidErrant"), what);
    assertEquals(maria ? "" : "ON", i.get("GTIDMode"), what);
    boolean replica = !key(i.get("MasterKey")).equals(":0");
    assertEquals(replica, i.get("Slave_IO_Running"), what);
    assertEquals(replica, i.get("Slave_SQL_Running"), what);
    assertEquals(replica, ((Map<?, ?>) i.get("SlaveLagSeconds")).get("Valid"), what);
    String flags =
        Stream.of(
                "UsingMariaDBGTID",
                "UsingOracleGTID",
                "AllowTLS",
                "HasReplicationFilters",
                "IsCoMaster",
                "SemiSyncMasterStatus",
                "SemiSyncReplicaStatus")
            .filter(flag -> i.get(flag).equals(true))
            .collect(Collectors.joining(" "));
    String delay = i.get("SQLDelay").toString();
    return named(
        "%s depth %s below %s, %s%s\n"
            .formatted(
                key(i.get("Key")),
                i.get("ReplicationDepth"),
                key(i.get("MasterKey")),
                flags,
                delay.equals("0") ? "" : ", delay " + delay));
  }

  private static String key(Object key) {
    Map<?, ?> pair = (Map<?, ?>) key;
    return pair.get("Hostname") + ":" + pair.get("Port");
  }

  // ---- the command line

  private void commandLine() {
    var said = rig.cli("topology");
    assertEquals(Exit.OK, said.exit(), said.err());
    assertEquals(
        """
        p  ok  co-primary  writeable, semi-sync source, semi-sync
        ├─ r1  ok  intermediate source  read-only, semi-sync source, semi-sync
        │  └─ l1  ok  replica  read-only, semi-sync, by file and position
        ├─ d  ok  replica  read-only, semi-sync, held back 3600 s
        ├─ f  ok  replica  read-only, filtered
        └─ q  ok  co-primary  read-only, semi-sync source, semi-sync
           └─ m  ok  replica  read-only, semi-sync, also from o

        o  ok  primary  writeable, semi-sync source
        """,
        tidy(said.out()));
  }

  /** The members by their names, columns two blanks apart, without versions and GTIDs. */
  private String tidy(String drawn) {
    return named(drawn)
        .lines()
        .map(line -> line.replaceAll("(?<=\\S) {2,}", "  ").replaceAll("  [0-9]+\\.[0-9].*", ""))
        .collect(Collectors.joining("\n", "", "\n"));
  }

  // ---- the window

  private void window() throws Exception {
    try (var window = new WindowRig(rig)) {
      Until.holds(
          "both trees are there",
          () -> WindowRig.fx(() -> window.shell().model().clusters().get().size() == 2));
      WindowRig.fx(
          () -> {
            window.shell().model().go(window.key("p"));
            return null;
          });
      window.awaitShown("l1", "r1");
      Picture picture = WindowRig.fx(() -> window.shell().model().picture().get());
      assertEquals(
          """
          p: co-primary, writeable, GTID, ok
          r1: intermediate source, read-only, GTID, ok
          l1: replica, read-only, no GTID, ok
          d: replica, read-only, GTID, ok
          f: replica, read-only, GTID, ok
          q: co-primary, read-only, GTID, ok
          m: replica, read-only, GTID, ok
          """,
          picture.tree().members().stream()
              .map(key -> card(picture.cards().get(key)))
              .collect(Collectors.joining()));
      edges(picture);
      var told = new Told(rig, window);
      details(told, "p", "Waits: for 1 of 3, at most 10,000 ms", "Acknowledges: yes", "Source: q");
      details(told, "l1", "TLS: on", "GTID: NONE", "Source: r1");
      details(told, "d", "Held back: 1 h on purpose");
      details(
          told, "f", "Filters: Replicate_Ignore_DB=junk; Replicate_Wild_Ignore_Table=shop.tmp%");
      details(told, "m", "Source: q", "Source: o");
    }
  }

  private String card(ServerCard c) {
    assertEquals("", c.problem());
    return named(
        "%s: %s, %s, %s, %s\n".formatted(c.key(), c.role(), c.writes(), c.gtid(), c.state()));
  }

  /** Which lines are drawn. What is drawn to sources beside the first one belongs here as well. */
  private void edges(Picture picture) {
    var drawn = new TreeMap<String, String>();
    for (Map.Entry<InstanceKey, InstanceKey> e : picture.layout().sources().entrySet()) {
      drawn.put(named(e.getKey().toString()), named(e.getValue().toString()));
    }
    assertEquals(Map.of("r1", "p", "l1", "r1", "d", "p", "f", "p", "q", "p", "m", "q"), drawn);
  }

  private void details(Told told, String member, String... rows) {
    for (String row : rows) {
      Until.holds(
          member + " says " + row,
          () -> {
            String shown = named(told.rows(member));
            if (shown.lines().noneMatch(row::equals)) {
              throw new IllegalStateException(shown);
            }
            return true;
          });
    }
  }

  // ---- words

  private static boolean same(String expected, String got) {
    if (!expected.equals(got)) {
      throw new IllegalStateException(got);
    }
    return true;
  }

  /** A text with the members' names in place of their addresses. */
  private String named(String text) {
    String named = text;
    for (Member member : rig.lab.members()) {
      named = named.replace(member.address(), member.name());
    }
    return named;
  }
}
