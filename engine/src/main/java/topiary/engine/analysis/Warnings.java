package topiary.engine.analysis;

import static topiary.engine.finding.Code.*;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import topiary.engine.finding.Code;
import topiary.engine.finding.Evidence;
import topiary.engine.model.BinlogFormat;
import topiary.engine.model.Facts;
import topiary.engine.model.Flavor;
import topiary.engine.model.GtidUse;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Startup;

/**
 * What is wrong with a server and its replicas beside a failure; all that is so is found. The first
 * ten are orchestrator's structure warnings, with its conditions.
 */
final class Warnings {

  /**
   * Something to find.
   *
   * @param code what
   * @param evidence for it; nothing is found where there is none
   */
  record Look(Code code, Function<Situation, List<Evidence>> evidence) {}

  private static final List<Look> LOOKS =
      List.of(
          new Look(
              NO_LOGGING_REPLICAS,
              s ->
                  s.primary() && s.all() > 1 && s.logging().findAny().isEmpty()
                      ? replicas(s, r -> true, "does not log what it replicates")
                      : List.of()),
          new Look(
              NO_FAILOVER_SUPPORT,
              s ->
                  s.primary() && s.all() > 1 && !s.immediate(true) && !s.immediate(false)
                      ? replicas(
                          s,
                          r -> r.channel().gtid() == GtidUse.NONE,
                          "finds its place by file and position")
                      : List.of()),
          new Look(
              STATEMENT_AND_MIXED_LOGGING_REPLICAS,
              s -> formats(s, BinlogFormat.STATEMENT, BinlogFormat.MIXED)),
          new Look(
              STATEMENT_AND_ROW_LOGGING_REPLICAS,
              s -> formats(s, BinlogFormat.STATEMENT, BinlogFormat.ROW)),
          new Look(
              MIXED_AND_ROW_LOGGING_REPLICAS,
              s -> formats(s, BinlogFormat.MIXED, BinlogFormat.ROW)),
          new Look(MULTIPLE_MAJOR_VERSIONS_LOGGING_REPLICAS, Warnings::versions),
          new Look(DIFFERENT_GTID_MODES, Warnings::gtidModes),
          new Look(ERRANT_GTID, Warnings::errant),
          new Look(
              NO_WRITEABLE_MASTER_WARNING, s -> of(s, s.primary() && s.readOnly(), "is read-only")),
          new Look(
              NOT_ENOUGH_VALID_SEMI_SYNC_REPLICAS,
              s ->
                  of(
                      s,
                      s.primary()
                          && s.waiting().enabled()
                          && !s.waiting().active()
                          && s.waiting().clients() < s.waiting().waitFor(),
                      "is to wait for "
                          + s.waiting().waitFor()
                          + ", and "
                          + s.waiting().clients()
                          + " are connected")),
          new Look(
              REPLICATION_PARTITION,
              s ->
                  s.doubt() == Doubt.ALIVE && s.failing() > 0 && s.failing() == s.valid()
                      ? replicas(s, Replica::failingToConnect, "")
                      : List.of()),
          new Look(SOLE_SEMI_SYNC_REPLICA_LOST, Warnings::ackers),
          new Look(NO_CANDIDATE, Warnings::candidates),
          new Look(DIVERGED_GTID, s -> replicas(s, Warnings::diverged, "")),
          new Look(TWO_WRITABLE_PRIMARIES, Warnings::twoWritable),
          new Look(
              DUPLICATE_SERVER_UUID,
              s ->
                  s.world()
                      .twin(s.key())
                      .map(twin -> of(s, true, "has the server_uuid of " + twin))
                      .orElse(List.of())),
          new Look(DUPLICATE_SERVER_ID, Warnings::serverIds),
          new Look(DRIFTED_SETTINGS, Warnings::drifted),
          new Look(HALF_ANSWERING, s -> of(s, s.partial(), Judgement.unseen(s.server()))),
          new Look(DISK_FULL, s -> of(s, s.lacksRoom(), "waits for space on its disk")),
          new Look(BOOTS_WRITABLE, Warnings::bootsWritable));

  private Warnings() {}

  static List<Look> looks() {
    return LOOKS;
  }

  private static List<Evidence> of(Situation s, boolean so, String words) {
    return so ? List.of(evidence(s.server(), words)) : List.of();
  }

  private static Evidence evidence(Instance of, String words) {
    return new Evidence(of.key(), of.lastSeen().or(of::lastAttempt), words);
  }

  /**
   * Those replicas of which it is so; with what they say of their source when there are no words.
   */
  private static List<Evidence> replicas(Situation s, Predicate<Replica> which, String words) {
    return replicas(s, which, r -> words.isEmpty() ? r.testimony() : words);
  }

  private static List<Evidence> formats(Situation s, BinlogFormat one, BinlogFormat other) {
    return s.primary() && logs(s, one) && logs(s, other)
        ? replicas(
            s,
            r -> logs(r, one) || logs(r, other),
            r -> "logs in format " + r.facts().orElseThrow().settings().binlogFormat())
        : List.of();
  }

  private static List<Evidence> replicas(
      Situation s, Predicate<Replica> which, Function<Replica, String> words) {
    // Mostly none, which is not to cost anything.
    List<Evidence> evidence = List.of();
    for (Replica replica : s.replicas()) {
      if (which.test(replica)) {
        evidence = evidence.isEmpty() ? new ArrayList<>() : evidence;
        evidence.add(evidence(replica.instance(), words.apply(replica)));
      }
    }
    return evidence;
  }

  private static boolean logs(Situation s, BinlogFormat format) {
    return s.count(r -> logs(r, format)) > 0;
  }

  private static boolean logs(Replica r, BinlogFormat format) {
    return logging(r) && r.facts().orElseThrow().settings().binlogFormat() == format;
  }

  private static boolean logging(Replica r) {
    return r.facts()
        .map(Facts::settings)
        .filter(x -> x.logBin() && x.logReplicaUpdates())
        .isPresent();
  }

  private static List<Evidence> versions(Situation s) {
    return s.primary() && s.all() > 1 && s.majors() > 1
        ? replicas(
            s,
            Warnings::logging,
            r -> "runs " + r.facts().orElseThrow().identity().version().text())
        : List.of();
  }

  private static List<Evidence> gtidModes(Situation s) {
    if (s.oneGtidMode()) {
      return List.of();
    }
    String mode = s.gtidMode();
    var evidence = new ArrayList<>(of(s, true, "has GTID mode \"" + mode + "\""));
    evidence.addAll(
        replicas(
            s, r -> !r.gtidMode().equals(mode), r -> "has GTID mode \"" + r.gtidMode() + "\""));
    return evidence;
  }

  /** Its replicas', and its own when another has taken its place as a primary. */
  private static List<Evidence> errant(Situation s) {
    List<Evidence> evidence = List.of();
    if (s.server().source().isEmpty()) {
      evidence =
          errant(
              s,
              s.server(),
              ", which the one that took its place as the primary has not",
              evidence);
    }
    for (Replica replica : s.replicas()) {
      evidence = errant(s, replica.instance(), "", evidence);
    }
    return evidence;
  }

  /** What there is, and what a server has of its own; mostly nothing, which is to cost nothing. */
  private static List<Evidence> errant(
      Situation s, Instance server, String words, List<Evidence> evidence) {
    Optional<String> gtids =
        s.world().downtimed(server.key()) ? Optional.empty() : s.world().errant(server.key());
    if (gtids.isEmpty()) {
      return evidence;
    }
    List<Evidence> more = evidence.isEmpty() ? new ArrayList<>() : evidence;
    more.add(evidence(server, "has " + gtids.get() + words));
    return more;
  }

  private static List<Evidence> ackers(Situation s) {
    int wanted = s.waiting().waitFor();
    long give = s.count(r -> acknowledges(r) && r.replicating());
    boolean lost = s.count(r -> acknowledges(r) && !r.replicating()) > 0;
    return s.ok() && s.waiting().enabled() && wanted > 0 && give < wanted && lost
        ? replicas(s, r -> acknowledges(r) && !r.replicating(), "")
        : List.of();
  }

  private static boolean acknowledges(Replica r) {
    return r.facts().filter(f -> f.semiSync().replica().enabled()).isPresent();
  }

  private static List<Evidence> candidates(Situation s) {
    if (!s.primary() || s.all() == 0) {
      return List.of();
    }
    var why = new ArrayList<Evidence>();
    for (Replica r : s.replicas()) {
      Optional<String> no = Promotable.whyNot(s.world(), r.key());
      if (no.isEmpty()) {
        return List.of();
      }
      why.add(evidence(r.instance(), no.get()));
    }
    return why;
  }

  /**
   * Whether its source has refused to serve it for having less than the replica: MySQL and MariaDB
   * each in their own words, behind error 1236 of the receiving thread.
   */
  private static boolean diverged(Replica r) {
    String words = r.channel().ioError().message().toLowerCase(Locale.ROOT);
    return words.contains("1236")
        && (words.contains("more gtids than") || words.contains("which is not in the"));
  }

  private static List<Evidence> twoWritable(Situation s) {
    return s.server()
        .source()
        .filter(peer -> s.coPrimary() && s.key().compareTo(peer) < 0)
        .flatMap(s.topology()::instance)
        .filter(peer -> writable(s.server()) && writable(peer))
        .map(
            peer ->
                List.of(
                    evidence(s.server(), "takes writes"), evidence(peer, "takes writes as well")))
        .orElse(List.of());
  }

  private static boolean writable(Instance i) {
    return i.seen() && i.facts().filter(f -> !f.settings().readOnly()).isPresent();
  }

  private static List<Evidence> serverIds(Situation s) {
    var byId = new HashMap<Long, InstanceKey>();
    s.facts().ifPresent(f -> byId.put(f.identity().serverId(), s.key()));
    var evidence = new ArrayList<Evidence>();
    for (Replica r : s.replicas()) {
      r.facts()
          .map(f -> byId.putIfAbsent(f.identity().serverId(), r.key()))
          .ifPresent(
              other ->
                  evidence.add(
                      evidence(
                          r.instance(),
                          "has the server_id "
                              + r.facts().orElseThrow().identity().serverId()
                              + " of "
                              + other)));
    }
    return evidence;
  }

  private static List<Evidence> drifted(Situation s) {
    Optional<Facts> own = s.facts();
    if (!s.primary() || own.isEmpty()) {
      return List.of();
    }
    return replicas(
        s,
        r ->
            r.facts().isPresent()
                && !differs(own.get(), r.facts().get()).isEmpty()
                && Promotable.whyNot(s.world(), r.key()).isEmpty(),
        r -> differs(own.get(), r.facts().orElseThrow()));
  }

  /** Who is managed by others, or is in a group, which says who is read-only, is left alone. */
  private static List<Evidence> bootsWritable(Situation s) {
    Optional<Facts> replica =
        s.facts()
            .filter(f -> f.settings().readOnly() && f.primaryChannel().isPresent())
            .filter(f -> f.group().isEmpty() && f.background().cloud().isEmpty());
    return replica
        .flatMap(f -> f.background().startup().flatMap(how -> boots(how, f.identity().flavor())))
        .map(words -> of(s, true, words))
        .orElse(List.of());
  }

  private static Optional<String> boots(Startup how, Flavor flavor) {
    return switch (how) {
      case READ_ONLY -> Optional.empty();
      case WRITABLE ->
          Optional.of(
              "has persisted that it starts writable; SET PERSIST super_read_only = ON has it start"
                  + " read-only");
      case UNSAID ->
          Optional.of(
              "was made read-only while it ran, which a restart forgets, and "
                  + (flavor == Flavor.MARIADB
                      ? "does not tell what its option file says: read_only=1 there keeps it, but"
                          + " for accounts with READ_ONLY ADMIN, who write nonetheless"
                      : "nothing persisted keeps it: SET PERSIST super_read_only = ON does"));
    };
  }

  /** In which settings that a primary needs a replica differs; empty for none. */
  private static String differs(Facts primary, Facts replica) {
    String differs = "";
    for (Needed needed : NEEDED) {
      Object its = needed.value().apply(replica);
      Object primarys = needed.value().apply(primary);
      if (!its.equals(primarys)) {
        differs +=
            (differs.isEmpty() ? "" : "; ")
                + ("has " + needed.name() + " " + its + ", the primary " + primarys);
      }
    }
    return differs;
  }

  /** A setting that a primary needs, and whoever may follow it. */
  private record Needed(String name, Function<Facts, Object> value) {}

  private static final List<Needed> NEEDED =
      List.of(
          new Needed("binlog_format", f -> f.settings().binlogFormat()),
          new Needed("binlog_row_image", f -> f.settings().binlogRowImage()),
          new Needed("gtid_mode", f -> f.settings().gtidMode()),
          new Needed("gtid_strict_mode", f -> f.settings().gtidStrict()),
          new Needed("require_secure_transport", f -> f.settings().tls().required()),
          new Needed("semi-sync (as a source)", f -> f.semiSync().source().available()));
}
