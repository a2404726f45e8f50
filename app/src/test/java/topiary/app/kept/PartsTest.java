package topiary.app.kept;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import topiary.app.Samples;
import topiary.app.json.Form;
import topiary.engine.model.Condition;
import topiary.engine.model.Instance;
import topiary.engine.model.Observation;
import topiary.engine.model.Topology;

class PartsTest {

  private static final String TREE = "x".repeat(1000);

  private final Instance p = Samples.primary("p");
  private final Instance r = Samples.replica("r", "p");

  private static Form<Instance> form(Parts<Instance> parts, Instance of, Object besides) {
    return parts.form(of, besides, () -> TREE);
  }

  private static Instance looked(Instance i) {
    return i.after(
        Observation.seen(
            i.key(), Samples.NOW.plusSeconds(9), Duration.ofMillis(2), i.facts().orElseThrow()));
  }

  private static Instance failed(Instance i) {
    return i.after(
        Observation.failed(
            i.key(), Samples.NOW, Duration.ofMillis(2), Condition.HUNG, "says nothing"));
  }

  @Test
  void aFormHoldsUntilTheServerHasNews() {
    Parts<Instance> parts = new Kept().parts();
    Form<Instance> first = form(parts, p, 1);
    assertSame(first, form(parts, p, 1));
    assertSame(first, form(parts, looked(p), 1));
    assertNotSame(first, form(parts, failed(p), 1));
  }

  @Test
  void aFormHoldsUntilAnythingElseItFollowsFromIsOther() {
    Parts<Instance> parts = new Kept().parts();
    Form<Instance> first = form(parts, p, 1);
    assertNotSame(first, form(parts, p, 2));
    assertNotSame(first, form(parts, p, 1));
  }

  @Test
  void noMoreIsKeptThanMayBe() {
    var kept = new Kept(1500);
    Parts<Instance> one = kept.parts();
    Parts<Instance> other = kept.parts();
    Form<Instance> first = form(one, p, 1);
    assertNotSame(form(other, p, 1), form(other, p, 1));
    assertNotSame(form(one, r, 1), form(one, r, 1));
    assertSame(first, form(one, p, 1));
    assertEquals(1, one.size());
    kept.answering(new Topology(1, new TreeMap<>(Map.of(r.key(), r))));
    assertEquals(0, one.size());
    assertSame(form(one, r, 1), form(one, r, 1));
  }

  @Test
  void allIsLetGoOfWhenNobodyAsks() {
    var kept = new Kept();
    Parts<Instance> parts = kept.parts();
    form(parts, p, 1);
    kept.answering(Samples.topology(1, p, r));
    kept.rest();
    assertEquals(1, parts.size());
    kept.rest();
    assertEquals(0, parts.size());
  }
}
