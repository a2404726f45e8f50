package topiary.app.legacy;

import java.util.Map;
import topiary.app.kept.Kept;
import topiary.app.kept.Once;
import topiary.app.kept.Parts;
import topiary.engine.model.ClusterId;

/** What orchestrator's answers are made of, from one answer to the next. */
final class Keep {

  private final Kept kept;
  private final Parts<LegacyInstance> parts;
  private final Once<Layout> layout = new Once<>();
  private final Once<Map<String, ClusterId>> ids = new Once<>();
  private final Once<byte[]> infos = new Once<>();
  private final Once<Whole> whole;

  Keep(Kept kept) {
    this.kept = kept;
    parts = kept.parts();
    whole = kept.once();
  }

  /** Everybody as they were written last. */
  Once<Whole> whole() {
    return whole;
  }

  Kept kept() {
    return kept;
  }

  Parts<LegacyInstance> parts() {
    return parts;
  }

  Once<Layout> layout() {
    return layout;
  }

  /** The cluster that each name stands for. */
  Once<Map<String, ClusterId>> ids() {
    return ids;
  }

  /** The answer about all clusters. */
  Once<byte[]> infos() {
    return infos;
  }
}
