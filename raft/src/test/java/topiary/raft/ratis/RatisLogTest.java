package topiary.raft.ratis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import topiary.raft.api.LogException;
import topiary.raft.api.LogListener;
import topiary.raft.api.LogPosition;
import topiary.raft.api.LogStatus;
import topiary.raft.api.NotLeading;
import topiary.raft.api.Peer;

/** Real members, all in this process; the faults of processes and networks are tested in app. */
@Timeout(120)
class RatisLogTest {

  private static final UUID CLUSTER = UUID.fromString("02511d47-d67c-49a3-9011-abb3109a44c1");
  private static final Timing QUICK = new Timing(Duration.ofMillis(300), Duration.ofMillis(600));

  @TempDir Path folder;

  private final List<Member> members = new ArrayList<>();

  /** A member, its state, and what it was told. */
  private final class Member implements LogListener {
    final Peer peer;
    final Path place;
    final Sheet sheet;
    final RatisLog log;
    final List<String> heard = new CopyOnWriteArrayList<>();
    final CompletableFuture<Throwable> fatal = new CompletableFuture<>();
    final CompletableFuture<Void> removed = new CompletableFuture<>();

    Member(String id, int port, boolean first, int snapshotEvery) throws IOException {
      peer = new Peer(id, "127.0.0.1:" + port);
      place = Files.createDirectories(folder.resolve(id));
      sheet = new Sheet(place.resolve("sheet"));
      log =
          new RatisLog(
              new Membership(
                  CLUSTER,
                  peer,
                  first,
                  "127.0.0.1",
                  port,
                  place.resolve("raft"),
                  QUICK,
                  Optional.empty(),
                  snapshotEvery),
              sheet,
              fatal::complete,
              () -> removed.complete(null));
      log.listen(this);
      log.start();
      members.add(this);
    }

    @Override
    public void applied() {
      heard.add("applied");
    }

    @Override
    public void leads(long term) {
      heard.add("leads");
    }

    @Override
    public void stopsLeading() {
      heard.add("stops");
    }

    String submit(String text) {
      return new String(log.submit(text.getBytes(StandardCharsets.UTF_8)).join());
    }

    boolean leading() {
      return log.leadership().leading();
    }

    void end() {
      log.close();
      members.remove(this);
    }
  }

  @AfterEach
  void end() {
    List.copyOf(members).forEach(Member::end);
  }

  private Member first(String id) throws IOException {
    Member first = new Member(id, port(), true, 1_000_000);
    await(first::leading);
    return first;
  }

  private Member joined(String id) throws IOException {
    return joined(id, port());
  }

  private Member joined(String id, int port) throws IOException {
    Member member = new Member(id, port, false, 1_000_000);
    Member leader = leader();
    List<Peer> present = leader.log.status().members();
    var wanted = new ArrayList<>(present);
    wanted.add(member.peer);
    leader.log.change(present, wanted).join();
    return member;
  }

  private Member leader() {
    await(() -> members.stream().anyMatch(Member::leading));
    return members.stream().filter(Member::leading).findFirst().orElseThrow();
  }

  @Test
  void aLoneMemberLeadsAtOnceAndAnswersInOrder() throws IOException {
    Member one = first("n1");
    assertEquals("1", one.submit("a"));
    assertEquals("2", one.submit("b"));
    assertEquals(List.of("a", "b"), one.sheet.lines());
    assertEquals("leads", one.heard.getFirst());
    one.log.confirm(one.log.leadership().term()).join();
    assertEquals(LogStatus.Role.LEADER, one.log.status().role());
  }

  @Test
  void aMemberComesBackWithWhatItHad() throws IOException {
    Member one = first("n1");
    int port = Integer.parseInt(one.peer.address().split(":")[1]);
    IntStream.range(0, 50).forEach(i -> one.submit("line " + i));
    one.end();
    Member again = new Member("n1", port, false, 1_000_000);
    await(again::leading);
    assertEquals("51", again.submit("more"));
  }

  @Test
  void newcomersAreFilledAndFollow() throws IOException {
    Member one = first("n1");
    one.submit("before");
    Member two = joined("n2");
    Member three = joined("n3");
    one.submit("after");
    for (Member member : List.of(two, three)) {
      member.log.catchUp().join();
      assertEquals(List.of("before", "after"), member.sheet.lines());
      assertFalse(member.leading());
      LogException refused =
          (LogException)
              assertThrows(CompletionException.class, () -> member.submit("x")).getCause();
      assertEquals("this node does not lead the cluster; n1 does", refused.getMessage());
      assertInstanceOf(NotLeading.class, refused);
    }
    assertEquals(3, three.log.status().members().size());
    assertEquals(2, one.log.status().heard().size());
  }

  @Test
  void aLoneNodesStateIsTheBeginning() throws IOException {
    Path place = Files.createDirectories(folder.resolve("n1"));
    Files.writeString(place.resolve("sheet"), "4 6 old one\n4 7 old two\n");
    Member one = first("n1");
    assertEquals("3", one.submit("new"));
    assertTrue(one.sheet.lastApplied().index() > 7);
    assertTrue(one.sheet.lastApplied().term() > 4);
    Member two = joined("n2");
    two.log.catchUp().join();
    assertEquals(List.of("old one", "old two", "new"), two.sheet.lines());
  }

  @Test
  void theLogIsLetGoOfBehindASnapshotThoughAMemberIsDead() throws IOException {
    Member one = first("n1");
    Member two = joined("n2");
    Member three = joined("n3");
    int port = Integer.parseInt(three.peer.address().split(":")[1]);
    three.end();
    fill(one, 4_000);
    LogPosition snapshot = one.log.snapshot().join();
    assertTrue(snapshot.index() >= 4_000);
    await(() -> one.log.status().firstIndex() > 100);
    // It gets the snapshot, as the log does not reach back to where it was.
    Member back = new Member("n3", port, false, 1_000_000);
    await(() -> back.sheet.lines().size() == 4_000);
    back.log.catchUp().join();
    assertEquals(one.sheet.lines(), back.sheet.lines());
    assertTrue(back.log.status().snapshot().isPresent());
    assertEquals("4001", one.submit("on"));
    await(() -> back.sheet.lines().size() == 4_001 && two.sheet.lines().size() == 4_001);
  }

  private static void fill(Member member, int count) {
    var answers = new ArrayList<CompletableFuture<byte[]>>();
    String text = "x".repeat(2_000);
    for (int i = 0; i < count; i++) {
      answers.add(member.log.submit((i + text).getBytes(StandardCharsets.UTF_8)));
      if (answers.size() == 500) {
        answers.forEach(CompletableFuture::join);
        answers.clear();
      }
    }
    answers.forEach(CompletableFuture::join);
  }

  @Test
  void snapshotsAreMadeByThemselves() throws IOException {
    Member one = new Member("n1", port(), true, 100);
    await(one::leading);
    IntStream.range(0, 250).forEach(i -> one.submit("line " + i));
    await(() -> one.log.status().snapshot().filter(s -> s.index() >= 100).isPresent());
    assertTrue(one.log.status().snapshotAt().isPresent());
  }

  @Test
  void theLeadershipIsHandedOverAndTold() throws IOException {
    Member one = first("n1");
    Member two = joined("n2");
    joined("n3");
    long term = one.log.leadership().term();
    one.log.transfer("n2", Duration.ofSeconds(5)).join();
    await(two::leading);
    assertThrows(CompletionException.class, () -> one.log.confirm(term).join());
    await(() -> one.heard.contains("stops"));
    assertTrue(two.heard.contains("leads"));
    assertEquals(Optional.of("n2"), one.log.leadership().leader());
    assertThrows(CompletionException.class, () -> two.log.confirm(term).join());
    two.log.confirm(two.log.leadership().term()).join();
  }

  @Test
  void aDeadLeaderHasASuccessorAndAMinorityDecidesNothing() throws IOException {
    Member one = first("n1");
    Member two = joined("n2");
    Member three = joined("n3");
    one.submit("kept");
    one.end();
    Member next = leader();
    assertEquals("2", next.submit("and more"));
    (next == two ? three : two).end();
    await(() -> !next.leading());
    LogException refused =
        (LogException) assertThrows(CompletionException.class, () -> next.submit("x")).getCause();
    assertEquals(
        "this node does not lead the cluster, and knows of nobody who does", refused.getMessage());
  }

  @Test
  void whoIsRemovedIsTold() throws IOException {
    Member one = first("n1");
    joined("n2");
    Member three = joined("n3");
    List<Peer> present = one.log.status().members();
    one.log.change(present, List.of(present.get(0), present.get(1))).join();
    three.removed.join();
    assertEquals(2, one.log.status().members().size());
    LogException stale =
        (LogException)
            assertThrows(
                    CompletionException.class,
                    () -> one.log.change(present, List.of(one.peer)).join())
                .getCause();
    assertTrue(stale.getMessage().startsWith("the members are others by now"), stale.getMessage());
  }

  @Test
  void aStateThatCannotBeWrittenEndsTheMember() throws IOException {
    Member one = first("n1");
    one.sheet.broken = new IllegalStateException("no room");
    one.log.submit("x".getBytes(StandardCharsets.UTF_8));
    assertEquals("no room", one.fatal.join().getMessage());
    assertFalse(one.leading());
  }

  @Test
  void anAddressInUseIsASentence() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      LogException refused =
          assertThrows(LogException.class, () -> new Member("n1", taken.getLocalPort(), true, 100));
      assertTrue(refused.getMessage().contains("in use"), refused.getMessage());
    }
  }

  @Test
  void tooLargeIsRefusedBeforeTheLog() throws IOException {
    Member one = first("n1");
    LogException refused =
        (LogException)
            assertThrows(
                    CompletionException.class,
                    () -> one.log.submit(new byte[Settings.COMMAND_BYTES + 1]).join())
                .getCause();
    assertTrue(refused.getMessage().contains("too large"), refused.getMessage());
  }

  private static int port() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("it did not come to pass in 30 s");
      }
      try {
        Thread.sleep(10);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }
}
