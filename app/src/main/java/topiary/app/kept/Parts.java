package topiary.app.kept;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import topiary.app.json.Form;
import topiary.engine.model.Change;
import topiary.engine.model.Instance;
import topiary.engine.model.InstanceKey;

/**
 * One form for each server: its JSON but for what moves. Thread-safe.
 *
 * @param <T> what a form is filled in for
 */
public final class Parts<T> {

  private final Map<InstanceKey, Part<T>> parts = new ConcurrentHashMap<>();
  private final AtomicLong budget;

  /** A form, and all it follows from. */
  private record Part<T>(Instance of, Object besides, Form<T> form) {

    boolean holds(Instance now, Object nowBesides) {
      return besides.equals(nowBesides)
          && (of == now || Change.between(of, now).compareTo(Change.NEWS) < 0);
    }
  }

  /**
   * None yet.
   *
   * @param budget how many bytes may be kept still
   */
  Parts(AtomicLong budget) {
    this.budget = budget;
  }

  /**
   * The form of a server.
   *
   * @param now the server; what moves in it ({@link Change#MOVED} and less) is not in the form
   * @param besides everything else its form follows from
   * @param tree makes what it is made of
   */
  public Form<T> form(Instance now, Object besides, Supplier<?> tree) {
    Part<T> known = parts.get(now.key());
    if (known != null && known.holds(now, besides)) {
      if (known.of != now) {
        // So that the next who ask find it by identity, and nothing of the past is held.
        parts.replace(now.key(), known, new Part<>(now, besides, known.form));
      }
      return known.form;
    }
    Form<T> form = Form.of(tree.get());
    if (budget.get() >= form.size()) {
      budget.addAndGet(-form.size());
      let(parts.put(now.key(), new Part<>(now, besides, form)));
    } else {
      let(parts.remove(now.key()));
    }
    return form;
  }

  private void let(Part<T> gone) {
    if (gone != null) {
      budget.addAndGet(gone.form.size());
    }
  }

  /** Forgets whoever is not in it. */
  void keep(Set<InstanceKey> servers) {
    for (InstanceKey key : parts.keySet()) {
      if (!servers.contains(key)) {
        let(parts.remove(key));
      }
    }
  }

  int size() {
    return parts.size();
  }
}
