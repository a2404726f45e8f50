package topiary.app.wire;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import topiary.app.cluster.Newcomer;
import topiary.app.config.BadConfig;
import topiary.app.config.ClusterConfig;
import topiary.app.config.NodeConfig;
import topiary.app.config.Version;
import topiary.app.wire.MemberFile.Known;
import topiary.app.wire.MemberFile.Standing;
import topiary.store.StoreChoice;

/** A node's part in its cluster: which one, as whom, and how it begins. */
final class Part {

  private static final System.Logger LOG = System.getLogger(Part.class.getName());

  /** How long a newcomer looks for somebody who takes it in. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Duration PAUSE = Duration.ofMillis(500);

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  private final ClusterConfig config;
  private final MemberFile file;
  private final PeerLink link;
  private final Path folder;
  private volatile Known known;

  private Part(ClusterConfig config, MemberFile file, PeerLink link, Path folder, Known known) {
    this.config = config;
    this.file = file;
    this.link = link;
    this.folder = folder;
    this.known = known;
  }

  /**
   * Finds out, from what the node is told and what its data folder holds; empty when it is alone.
   *
   * @param folder the data folder, held by this process
   * @param empty whether it holds no state
   * @throws BadConfig when the two do not fit, or nobody takes it in
   */
  static Optional<Part> of(NodeConfig node, Path folder, boolean empty, PeerLink link)
      throws BadConfig {
    var file = new MemberFile(folder);
    Optional<Known> known = file.read();
    if (node.cluster().isEmpty()) {
      if (known.isPresent()) {
        throw new BadConfig(
            "the data folder "
                + folder
                + " belongs to a member of a cluster: give the node's file its \"cluster\","
                + " or choose another data folder");
      }
      return Optional.empty();
    }
    ClusterConfig config = node.cluster().get();
    if (known.isPresent() && config.start() == ClusterConfig.Start.ALONE) {
      return Optional.of(new Part(config, file, link, folder, alone(folder, file)));
    }
    Known now =
        known.isPresent() ? goOn(folder, known.get()) : begin(node, config, empty, link, file);
    return Optional.of(new Part(config, file, link, folder, now));
  }

  private static Known goOn(Path folder, Known known) throws BadConfig {
    if (known.standing() == Standing.REMOVED) {
      throw new BadConfig(
          "this node was removed from its cluster; to come back, join with an empty data folder"
              + " (this one is "
              + folder
              + ")");
    }
    if (known.standing() == Standing.MEMBER && !Files.isDirectory(log(folder))) {
      // It would vote without knowing for whom it has voted, and what it has promised to keep.
      throw new BadConfig(
          "the cluster's log is gone from "
              + folder
              + ", and a member must not go on without it: empty the data folder, and join again"
              + " with --join");
    }
    return known;
  }

  private static Known begin(
      NodeConfig node, ClusterConfig config, boolean empty, PeerLink link, MemberFile file)
      throws BadConfig {
    Known known =
        switch (config.start()) {
          case BOOTSTRAP -> new Known(UUID.randomUUID(), MemberFile.freshId(), Standing.FIRST);
          case JOIN -> {
            if (!empty) {
              throw new BadConfig(
                  holder(node)
                      + " holds a state of its own, which joining would replace: choose an empty"
                      + " one, or make the cluster from here with --bootstrap");
            }
            yield new Known(clusterOf(config, link), MemberFile.freshId(), Standing.JOINING);
          }
          case GO_ON ->
              throw new BadConfig(
                  "this node is no member of a cluster yet: start it with --bootstrap when it is"
                      + " the first, with --join URL when there are others");
          case ALONE ->
              throw new BadConfig(
                  "the data folder "
                      + node.dataFolder()
                      + " belongs to no cluster that could go on alone");
        };
    file.write(known);
    return known;
  }

  /** What holds a node's state, as sentences name it. */
  private static String holder(NodeConfig node) {
    return node.store() instanceof StoreChoice.MySql schema
        ? schema.words()
        : "the data folder " + node.dataFolder();
  }

  private static UUID clusterOf(ClusterConfig config, PeerLink link) throws BadConfig {
    String id = asking(config.join(), link::clusterOf);
    try {
      return UUID.fromString(id);
    } catch (IllegalArgumentException e) {
      throw new BadConfig("what was asked for its cluster answers \"" + id + "\"", e);
    }
  }

  private interface Question<T> {
    T ask(URI node) throws IOException, InterruptedException, PeerLink.Refused;
  }

  /** Asks one after the other, again and again for a while. */
  private static <T> T asking(List<URI> nodes, Question<T> question) throws BadConfig {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      var said = new ArrayList<String>();
      for (URI node : nodes) {
        try {
          return question.ask(node);
        } catch (IOException e) {
          said.add(node + ": " + (e.getMessage() == null ? "does not answer" : e.getMessage()));
        } catch (PeerLink.Refused e) {
          throw new BadConfig(e.getMessage(), e);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new BadConfig("interrupted while joining", e);
        }
      }
      if (System.nanoTime() > end) {
        throw new BadConfig(
            "no node took this one in within "
                + PATIENCE.toSeconds()
                + " s: "
                + String.join("; ", said));
      }
      new SystemClock().pause(PAUSE);
    }
  }

  private static Known alone(Path folder, MemberFile file) throws BadConfig {
    Path log = log(folder);
    if (Files.exists(log)) {
      Path kept = folder.resolve("raft-before-" + STAMP.format(Instant.now()));
      try {
        Files.move(folder.resolve("raft"), kept);
      } catch (IOException e) {
        throw new BadConfig("the old log cannot be set aside: " + e, e);
      }
      LOG.log(
          System.Logger.Level.WARNING,
          "this node goes on alone; the log of before is kept in " + kept);
    }
    // Another id, so that none of the others, should it come back, mixes with what is made here.
    var known = new Known(UUID.randomUUID(), MemberFile.freshId(), Standing.FIRST);
    file.write(known);
    return known;
  }

  private static Path log(Path folder) {
    return folder.resolve("raft").resolve("log");
  }

  ClusterConfig config() {
    return config;
  }

  UUID cluster() {
    return known.cluster();
  }

  String self() {
    return known.node().text();
  }

  boolean first() {
    return known.standing() == Standing.FIRST;
  }

  boolean joining() {
    return known.standing() == Standing.JOINING;
  }

  /** The folder of the log. */
  Path folder() {
    return folder.resolve("raft");
  }

  /** What this node says of itself. */
  Newcomer said(URI http) {
    return new Newcomer(
        cluster().toString(),
        self(),
        config.name(),
        config.address().toString(),
        config.http().orElse(http),
        config.level(),
        Version.TEXT);
  }

  /**
   * Asks to be taken in, until it is.
   *
   * @param http where this node serves
   * @throws BadConfig when it is refused, or nobody answers for too long
   */
  void join(URI http) throws BadConfig {
    asking(
        config.join(),
        node -> {
          link.join(node, said(http));
          return node;
        });
  }

  /** It is a member. */
  void joined() {
    if (known.standing() != Standing.MEMBER) {
      stands(Standing.MEMBER);
    }
  }

  /** It is none any more. */
  void removed() {
    stands(Standing.REMOVED);
  }

  private synchronized void stands(Standing standing) {
    known = known.now(standing);
    file.write(known);
  }

  PeerLink link() {
    return link;
  }
}
