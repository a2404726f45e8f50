package topiary.app.json;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import topiary.engine.said.Attribute;
import topiary.engine.said.Downtime;
import topiary.engine.said.Maintenance;
import topiary.engine.said.OfServer;
import topiary.engine.said.Pool;
import topiary.engine.said.Promotion;
import topiary.engine.said.Rule;

/** What people say of servers, as JSON and back. */
public final class SaidJson {

  private SaidJson() {}

  /**
   * Adds what is said of a server to what is known of it.
   *
   * @param now the moment, at which what has ended is left out
   */
  public static void put(Map<String, Object> instance, OfServer said, Instant now) {
    Optional<Promotion> promotion = said.promotion().filter(p -> p.holds(now));
    instance.put("clusterAlias", said.clusterAlias().isEmpty() ? null : said.clusterAlias());
    instance.put("promotionRule", promotion.map(p -> p.rule().word()).orElse(Rule.NEUTRAL.word()));
    instance.put("promotion", promotion.map(SaidJson::promotion).orElse(null));
    instance.put(
        "downtime", said.downtime().filter(d -> d.holds(now)).map(SaidJson::of).orElse(null));
    instance.put(
        "maintenance", said.maintenance().filter(m -> m.holds(now)).map(SaidJson::of).orElse(null));
    instance.put("tags", said.tags());
    instance.put("pools", List.copyOf(said.pools()));
  }

  private static Map<String, Object> promotion(Promotion p) {
    return new Tree()
        .with("rule", p.rule().word())
        .with("since", p.since().toString())
        .with("until", p.until().toString())
        .done();
  }

  /** A promotion rule of a server. */
  public static Map<String, Object> of(Object server, Promotion p) {
    Map<String, Object> json = new Tree().with("instance", server.toString()).done();
    json.putAll(promotion(p));
    return json;
  }

  /** A downtime. */
  public static Map<String, Object> of(Downtime d) {
    return new Tree()
        .with("owner", d.owner())
        .with("reason", d.reason())
        .with("since", d.since().toString())
        .with("until", d.until().toString())
        .done();
  }

  /** A maintenance. */
  public static Map<String, Object> of(Maintenance m) {
    return new Tree()
        .with("id", m.id())
        .with("owner", m.owner())
        .with("reason", m.reason())
        .with("since", m.since().toString())
        .with("until", m.until().toString())
        .done();
  }

  /** A pool. */
  public static Map<String, Object> of(String name, List<?> servers, Pool pool) {
    return new Tree()
        .with("pool", name)
        .with("instances", servers.stream().map(Object::toString).toList())
        .with("since", pool.since().toString())
        .with("until", pool.until().toString())
        .done();
  }

  /** What is said of a host. */
  public static Map<String, Object> of(Attribute a) {
    return new Tree()
        .with("host", a.host())
        .with("name", a.name())
        .with("value", a.value())
        .with("since", a.since().toString())
        .done();
  }

  /**
   * What is said of a server, from what {@link #put} wrote; nothing from a node that knows nothing
   * of it.
   */
  public static OfServer read(Fields i) throws BadField {
    if (!i.has("tags")) {
      return OfServer.NOTHING;
    }
    return new OfServer(
        i.optional("clusterAlias").orElse(""),
        i.has("promotion") ? Optional.of(promotion(i.object("promotion"))) : Optional.empty(),
        i.has("downtime") ? Optional.of(downtime(i.object("downtime"))) : Optional.empty(),
        i.has("maintenance") ? Optional.of(maintenance(i.object("maintenance"))) : Optional.empty(),
        i.object("tags").allTexts(),
        new TreeSet<>(i.texts("pools")));
  }

  private static Promotion promotion(Fields p) throws BadField {
    return new Promotion(
        p.made("rule", Rule::parse).orElse(Rule.NEUTRAL), moment(p, "since"), moment(p, "until"));
  }

  private static Downtime downtime(Fields d) throws BadField {
    return new Downtime(d.text("owner"), d.text("reason"), moment(d, "since"), moment(d, "until"));
  }

  private static Maintenance maintenance(Fields m) throws BadField {
    return new Maintenance(
        m.number("id"), m.text("owner"), m.text("reason"), moment(m, "since"), moment(m, "until"));
  }

  private static Instant moment(Fields of, String name) throws BadField {
    return of.instant(name).orElseThrow(() -> new BadField("\"" + name + "\" is missing", null));
  }
}
