package topiary.engine.chaos;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import topiary.engine.dialect.Dialect;
import topiary.engine.gtid.GtidPosition;
import topiary.engine.gtid.GtidSet;
import topiary.engine.gtid.MariaPosition;
import topiary.engine.model.Channel;
import topiary.engine.model.GtidUse;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.ThreadState;
import topiary.engine.port.Fleet;
import topiary.engine.port.ServerTrouble;
import topiary.engine.probe.ProbeParser;

/**
 * How a server stands, as it says itself.
 *
 * @param channels its streams, the first of which decides its place; none for a head
 * @param readOnly whether it refuses writes
 * @param executed what it has executed
 * @param received what it has received, by whatever stream; nothing for a head
 */
record Stand(
    List<Channel> channels, boolean readOnly, GtidPosition executed, GtidPosition received) {

  /** Asks a server. */
  interface Asking {
    /** The answer's rows. */
    Fleet.Rows ask(String sql) throws ServerTrouble;
  }

  static Stand of(Dialect dialect, Asking server) throws ServerTrouble {
    List<Channel> channels = ProbeParser.channelsOf(server.ask(dialect.channels()).rows());
    boolean readOnly =
        server.ask("SELECT @@global.read_only AS r").first().orElseThrow().get("r").equals("1");
    // A head of MariaDB's has executed nothing as a replica.
    GtidPosition executed =
        position(dialect, server, channels.isEmpty() ? dialect.logged() : dialect.executed());
    GtidPosition received =
        channels.stream()
            .map(c -> dialect.position(c.progress().receivedGtid()))
            .reduce(dialect.position(""), Stand::together);
    return new Stand(channels, readOnly, executed, received);
  }

  /** The stream that decides its place; empty for a head. */
  Optional<Channel> channel() {
    return channels.stream().findFirst();
  }

  static GtidPosition position(Dialect dialect, Asking server, String sql) throws ServerTrouble {
    return dialect.position(
        server.ask(sql).first().map(row -> row.getOrDefault("position", "")).orElse(""));
  }

  Optional<InstanceKey> source() {
    return channel().map(Channel::source);
  }

  boolean receives() {
    return channel().filter(c -> c.io() != ThreadState.STOPPED).isPresent();
  }

  boolean applies() {
    return channel().filter(c -> c.sql() != ThreadState.STOPPED).isPresent();
  }

  int delay() {
    return channel().map(Channel::delaySeconds).orElse(0);
  }

  GtidUse gtid() {
    return channel().map(Channel::gtid).orElse(GtidUse.NONE);
  }

  boolean detached() {
    return channel().filter(Channel::detached).isPresent();
  }

  /** All that an operation may not change by the way. */
  Shape shape() {
    var others = new TreeMap<String, Shape>();
    channels.stream()
        .skip(1)
        .forEach(
            c -> others.put(c.name(), new Stand(List.of(c), readOnly, executed, received).shape()));
    return new Shape(
        source(), detached(), receives(), applies(), delay(), gtid(), readOnly, others);
  }

  /** How a report has to put it. */
  String sentence(InstanceKey key) {
    return channel()
        .map(
            c ->
                "Now %s is %s %s, %s%s."
                    .formatted(
                        key,
                        c.detached() ? "detached from" : "below",
                        c.source(),
                        switch (c.io()) {
                          case RUNNING -> "receiving";
                          case CONNECTING -> "connecting";
                          case STOPPED -> "not receiving";
                        },
                        applies() ? " and applying" : " and not applying"))
        .orElse("Now " + key + " is a head, " + (readOnly ? "read-only." : "writeable."));
  }

  /** What two have together. */
  static GtidPosition together(GtidPosition one, GtidPosition other) {
    if (one instanceof GtidSet a && other instanceof GtidSet b) {
      return a.plus(b);
    }
    if (one instanceof MariaPosition a && other instanceof MariaPosition b) {
      var all = new TreeMap<>(a.last());
      all.putAll(b.beyond(a).last());
      return new MariaPosition(all);
    }
    return one.covers(other) ? one : other;
  }

  /**
   * How a server is set up to replicate.
   *
   * @param others its further streams, by their names
   */
  record Shape(
      Optional<InstanceKey> source,
      boolean detached,
      boolean receives,
      boolean applies,
      int delay,
      GtidUse gtid,
      boolean readOnly,
      SortedMap<String, Shape> others) {

    /** With another further stream, or without it. */
    Shape with(String channel, Optional<Shape> other) {
      var changed = new TreeMap<>(others);
      changed.remove(channel);
      other.ifPresent(o -> changed.put(channel, o));
      return new Shape(source, detached, receives, applies, delay, gtid, readOnly, changed);
    }

    Shape below(InstanceKey other) {
      return new Shape(Optional.of(other), false, receives, applies, delay, gtid, readOnly, others);
    }

    Shape detachedFrom(InstanceKey its) {
      return new Shape(Optional.of(its), true, receives, applies, delay, gtid, readOnly, others);
    }

    /** With no source to replicate from. */
    Shape head() {
      return new Shape(Optional.empty(), false, false, false, 0, GtidUse.NONE, readOnly, others);
    }

    Shape running(boolean io, boolean sql) {
      return new Shape(source, detached, io, sql, delay, gtid, readOnly, others);
    }

    Shape delayed(int seconds) {
      return new Shape(source, detached, receives, applies, seconds, gtid, readOnly, others);
    }

    Shape using(GtidUse use) {
      return new Shape(source, detached, receives, applies, delay, use, readOnly, others);
    }

    Shape readOnly(boolean on) {
      return new Shape(source, detached, receives, applies, delay, gtid, on, others);
    }

    @Override
    public String toString() {
      return "%sbelow %s, %s, %s, delay %d, %s, %s%s"
          .formatted(
              detached ? "detached " : "",
              source.map(Object::toString).orElse("nobody"),
              receives ? "receives" : "does not receive",
              applies ? "applies" : "does not apply",
              delay,
              gtid,
              readOnly ? "read-only" : "writeable",
              others.isEmpty() ? "" : " and " + others);
    }
  }
}
