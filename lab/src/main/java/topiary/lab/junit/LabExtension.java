package topiary.lab.junit;

import java.time.Duration;
import java.util.function.Supplier;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import topiary.lab.Faults;
import topiary.lab.Lab;
import topiary.lab.LabSpec;
import topiary.lab.MemberStatus;

/**
 * A lab for all tests of a class. What a test made wrong is healed after it, also when it failed.
 * Where the machine cannot have a network of the lab's own that is asked for, the tests are skipped
 * with the reason.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final LabExtension LAB =
 *     LabExtension.of(() -> LabSpec.of(cache, Lab.freeName(cache, "mine"), "p(r1,r2)").proxied());
 *
 * @Test
 * void aCutIsTold() {
 *   LAB.faults().cut("r1", "p");
 *   …
 * }
 * }</pre>
 */
public final class LabExtension implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final Supplier<LabSpec> spec;
  private Lab lab;

  private LabExtension(Supplier<LabSpec> spec) {
    this.spec = spec;
  }

  /** A lab as this says, asked for when the first test begins. */
  public static LabExtension of(Supplier<LabSpec> spec) {
    return new LabExtension(spec);
  }

  /** The lab. */
  public Lab lab() {
    if (lab == null) {
      throw new IllegalStateException("the lab is not up: register this as a static field");
    }
    return lab;
  }

  /** What can be made wrong in it. */
  public Faults faults() {
    return lab().faults();
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    LabSpec wanted = spec.get();
    wanted.obstacle().ifPresent(Assumptions::abort);
    lab = Lab.start(wanted);
  }

  /** Heals everything; a head that came back read-only takes writes again. */
  @Override
  public void afterEach(ExtensionContext context) {
    lab.faults().healAll();
    MemberStatus head = lab.status(LIMIT).getFirst();
    boolean headless = lab.status(LIMIT).stream().noneMatch(MemberStatus::writable);
    if (headless && head.view().filter(v -> v.replication().isEmpty()).isPresent()) {
      lab.makeWritable(head.member().name());
    }
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (lab != null) {
      lab.close();
      lab = null;
    }
  }
}
