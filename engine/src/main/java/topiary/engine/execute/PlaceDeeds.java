package topiary.engine.execute;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import topiary.engine.model.BinlogPosition;
import topiary.engine.model.Channel;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.ThreadState;
import topiary.engine.model.Threads;
import topiary.engine.plan.Slot;
import topiary.engine.plan.Step;
import topiary.engine.port.Deadline;

/**
 * What is done by places in binary logs. A place says something only of the log of one server, and
 * of a replica only while nothing changes it; so each deed makes sure of that when it reads one.
 */
final class PlaceDeeds {

  /** A log file: what all of a server's have in common, and its number. */
  private static final Pattern LOG = Pattern.compile("(.+)\\.(\\d{6,18})");

  private final Deeds deeds;

  PlaceDeeds(Deeds deeds) {
    this.deeds = deeds;
  }

  /** Where its log ends; asked while none of its applying threads writes to it. */
  Slot.Kind.Coordinates logEnd(FencedSession session, Step.ReadLogEnd s) throws DeedFailed {
    standsStill(session, s.target());
    Map<String, String> row =
        session
            .ask(session.dialect().logEnd())
            .first()
            .orElseThrow(() -> new DeedFailed(s.target() + " writes no binary log", null));
    standsStill(session, s.target());
    return new Slot.Kind.Coordinates(
        row.getOrDefault("File", ""), Long.parseLong(row.getOrDefault("Position", "0")));
  }

  /** That its log ends there, and that it stands there in that of its source. */
  void note(FencedSession session, Step.NotePlace s) throws DeedFailed {
    Slot.Kind.Coordinates end =
        logEnd(session, new Step.ReadLogEnd(s.target(), new Slot<>(s.target().toString())));
    Channel c =
        Deeds.channelsOf(session).stream()
            .filter(one -> deeds.isAt(one, s.source()))
            .findFirst()
            .orElseThrow(
                () -> new DeedFailed(s.target() + " does not replicate from " + s.source(), null));
    var at = new BinlogPosition(end.file(), end.position());
    if (!at.equals(s.at()) || !c.progress().executed().equals(s.sourceAt())) {
      throw new DeedFailed(
          "the log of "
              + s.target()
              + " ends at "
              + at
              + ", and it has applied that of "
              + s.source()
              + " up to "
              + c.progress().executed()
              + ": that has changed since it was looked at",
          null);
    }
  }

  private static void standsStill(FencedSession session, InstanceKey target) throws DeedFailed {
    for (Channel c : Deeds.channelsOf(session)) {
      if (c.sql() != ThreadState.STOPPED) {
        throw new DeedFailed(
            target + " applies again, as somebody has started it: its log goes on", null);
      }
    }
  }

  static Slot.Kind.Coordinates received(FencedSession session, Step.ReadReceived s)
      throws DeedFailed {
    BinlogPosition at = Deeds.statusOf(session, s.target(), s.channel()).progress().read();
    return new Slot.Kind.Coordinates(at.file(), at.offset());
  }

  void await(FencedSession session, Step.AwaitPlace s) throws DeedFailed {
    Slot.Kind.Coordinates place = deeds.place(s.place());
    Deadline deadline = deeds.in(s.limit());
    boolean rested = false;
    while (true) {
      Channel c = Deeds.statusOf(session, s.target(), s.channel());
      boolean received = compare(c.progress().read(), place) >= 0;
      if (received && !s.applied() || compare(c.progress().executed(), place) >= 0) {
        return;
      }
      if (s.applied()) {
        // What ends a log file, or begins one, is received and moves no place of what is applied.
        boolean idle = received && Deeds.idle(session, s.channel());
        if (idle && rested) {
          return;
        }
        rested = idle;
      }
      Optional<String> error =
          Deeds.stoppedByError(c.io(), c.ioError())
              .or(() -> Deeds.stoppedByError(c.sql(), c.sqlError()));
      if (error.isPresent()) {
        throw new DeedFailed(s.target() + " has stopped: " + error.get(), null);
      }
      BinlogPosition at = s.applied() ? c.progress().executed() : c.progress().read();
      deeds.pauseOrGiveUp(
          deadline,
          s.target()
              + (s.applied() ? " has applied up to " : " has received up to ")
              + at
              + ", and not to "
              + text(place)
              + " after "
              + s.limit().toSeconds()
              + " s, where "
              + s.place().name()
              + " is");
    }
  }

  void applyUpTo(FencedSession session, Step.ApplyUpTo s) throws DeedFailed {
    Slot.Kind.Coordinates place = deeds.place(s.place());
    Channel before = Deeds.statusOf(session, s.target(), s.channel());
    int now = compare(before.progress().executed(), place);
    if (now > 0) {
      throw past(s, before, place);
    }
    if (now == 0) {
      return;
    }
    deeds.tell(
        session, session.dialect().applyUpTo(s, place.file(), Long.toString(place.position())));
    boolean drained = comesThere(session, s, place);
    deeds.stop(session, new Step.StopReplication(s.target(), s.channel(), Threads.BOTH));
    Channel after = Deeds.statusOf(session, s.target(), s.channel());
    int then = compare(after.progress().executed(), place);
    if (then > 0) {
      throw past(s, after, place);
    }
    if (then < 0 && !drained) {
      throw new DeedFailed(
          s.target() + " stands at " + after.progress().executed() + ", not at " + text(place),
          null);
    }
  }

  /**
   * Waits until it is there; whether it has applied all up to there without saying so, because
   * nothing but the beginning of a log file is between.
   */
  private boolean comesThere(FencedSession session, Step.ApplyUpTo s, Slot.Kind.Coordinates place)
      throws DeedFailed {
    Deadline deadline = deeds.in(s.limit());
    boolean rested = false;
    while (true) {
      Channel c = Deeds.statusOf(session, s.target(), s.channel());
      if (compare(c.progress().executed(), place) >= 0) {
        return false;
      }
      boolean idle =
          compare(c.progress().read(), place) == 0
              && c.sql() == ThreadState.RUNNING
              && Deeds.idle(session, s.channel());
      if (idle && rested) {
        return true;
      }
      rested = idle;
      Optional<String> error =
          Deeds.stoppedByError(c.sql(), c.sqlError())
              .or(() -> Deeds.stoppedByError(c.io(), c.ioError()));
      String behind =
          s.target()
              + " has applied up to "
              + c.progress().executed()
              + ", and not to "
              + text(place);
      if (error.isPresent()) {
        throw new DeedFailed(behind + ": it has stopped: " + error.get(), null);
      }
      deeds.pauseOrGiveUp(deadline, behind + " after " + s.limit().toSeconds() + " s");
    }
  }

  private static DeedFailed past(Step.ApplyUpTo s, Channel c, Slot.Kind.Coordinates place) {
    return new DeedFailed(
        s.target()
            + " has applied up to "
            + c.progress().executed()
            + ", which is past "
            + text(place)
            + ", the place noted for "
            + s.place().name(),
        null);
  }

  void pointBack(FencedSession session, Step.PointBack s) throws DeedFailed {
    Channel c = Deeds.statusOf(session, s.target(), s.channel());
    if (deeds.named(c.source()).equals(deeds.named(s.source()))) {
      return;
    }
    Slot.Kind.Coordinates pointedAt = deeds.place(s.pointedAt());
    if (compare(c.progress().executed(), pointedAt) == 0) {
      deeds.pointAtFile(session, new Step.PointAtFile(s.target(), s.channel(), s.source(), s.at()));
    }
  }

  /**
   * Compares two places in one log.
   *
   * @throws DeedFailed when they cannot be of one log, or one of them is none
   */
  static int compare(BinlogPosition a, Slot.Kind.Coordinates b) throws DeedFailed {
    if (a.file().equals(b.file())) {
      return Long.compare(a.offset(), b.position());
    }
    return files(a.file(), b.file())
        .orElseThrow(
            () ->
                new DeedFailed(
                    "\"" + a.file() + "\" and \"" + b.file() + "\" are not files of one log",
                    null));
  }

  private static OptionalInt files(String a, String b) {
    Matcher one = LOG.matcher(a);
    Matcher other = LOG.matcher(b);
    return one.matches() && other.matches() && one.group(1).equals(other.group(1))
        ? OptionalInt.of(Long.compare(Long.parseLong(one.group(2)), Long.parseLong(other.group(2))))
        : OptionalInt.empty();
  }

  private static String text(Slot.Kind.Coordinates place) {
    return place.file() + ":" + place.position();
  }
}
