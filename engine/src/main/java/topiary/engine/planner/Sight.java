package topiary.engine.planner;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import topiary.engine.intent.Intent;
import topiary.engine.model.Channel;
import topiary.engine.model.Facts;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;
import topiary.engine.model.Topology;
import topiary.engine.plan.Basis;
import topiary.engine.plan.Field;

/** A server as a planner needs it: known, and seen right now. */
record Sight(Instance instance, Facts facts) {

  static Sight of(Topology topology, InstanceKey key) {
    Instance instance =
        topology
            .instance(key)
            .orElseThrow(() -> new Refusal(key + " is not known; discover it first"));
    if (!instance.seen()) {
      String why = instance.sentence().isEmpty() ? "" : ": " + instance.sentence();
      throw new Refusal(key + " is " + instance.condition().words() + why);
    }
    return new Sight(instance, instance.facts().orElseThrow());
  }

  /**
   * Its only channel.
   *
   * @throws Refusal when it has none, or several
   */
  Channel onlyChannel() {
    List<Channel> channels = facts.channels();
    if (channels.isEmpty()) {
      throw new Refusal(key() + " is not a replica");
    }
    if (channels.size() > 1) {
      throw new Refusal(
          key()
              + " replicates from "
              + channels.size()
              + " sources, by "
              + channels(channels)
              + ": say which with \"channel\", where an operation takes one");
    }
    return channels.getFirst();
  }

  /** Channels in words, to go after "by". */
  static String channels(List<Channel> channels) {
    return channels.stream()
        .map(
            c ->
                (c.name().isEmpty()
                        ? "the channel without a name (\"" + Intent.OnChannel.UNNAMED + "\")"
                        : "channel \"" + c.name() + "\"")
                    + " from "
                    + c.source())
        .collect(Collectors.joining(" and "));
  }

  /**
   * That a channel is not detached from its source: nobody attaches it but who is asked to.
   *
   * @throws Refusal when it is
   */
  void mustBeAttached(Channel c) {
    if (c.detached()) {
      throw new Refusal(detached(c));
    }
  }

  /** That a channel is detached, and what attaches it, in a sentence. */
  String detached(Channel c) {
    return key()
        + " is detached from "
        + c.source()
        + " on purpose: reattach-replica lets it connect again";
  }

  /** That it is this server and no other that answers at its address. */
  List<Basis> identity() {
    Basis id = Basis.of(instance, Field.SERVER_ID);
    return facts.identity().uuid().isPresent()
        ? List.of(id, Basis.of(instance, Field.SERVER_UUID))
        : List.of(id);
  }

  /** Some of its fields as they are; the server's id stands for all of its identity. */
  List<Basis> now(Field... fields) {
    return Stream.of(fields)
        .flatMap(f -> f == Field.SERVER_ID ? identity().stream() : Stream.of(Basis.of(instance, f)))
        .toList();
  }

  /** What a change of how it replicates rests on. */
  List<Basis> replica() {
    return now(
        Field.CONDITION,
        Field.SERVER_ID,
        Field.CHANNELS,
        Field.SOURCE,
        Field.GTID_USE,
        Field.IO_THREAD,
        Field.SQL_THREAD,
        Field.DELAY);
  }

  InstanceKey key() {
    return instance.key();
  }
}
