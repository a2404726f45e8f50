package topiary.app.kept;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import topiary.app.json.Form;
import topiary.app.json.JsonBytes;
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

  /**
   * A form, and all it follows from.
   *
   * @param looked the form with all that a look tells filled in; null before it was written once
   *     since
   */
  private record Part<T>(Instance of, Object besides, Form<T> form, Form<T> looked) {

    boolean holds(Instance now, Object nowBesides) {
      return besides.equals(nowBesides)
          && (of == now || Change.between(of, now).compareTo(Change.NEWS) < 0);
    }

    int size() {
      return form.size() + (looked == null ? 0 : looked.size());
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
  Form<T> form(Instance now, Object besides, Supplier<?> tree) {
    return part(now, besides, tree).form;
  }

  /**
   * Writes a server.
   *
   * @param now the server; what moves in it ({@link Change#MOVED} and less) is not in the form, and
   *     what a look tells is filled in once for each look
   * @param besides everything else its form follows from
   * @param tree makes what it is made of
   * @param of what it is filled in for
   */
  public void write(Instance now, Object besides, Supplier<?> tree, T of, JsonBytes out)
      throws IOException {
    Part<T> part = part(now, besides, tree);
    if (part.looked != null) {
      part.looked.write(of, out);
      return;
    }
    Form<T> looked = part.form.writeLooked(of, out);
    if (looked != null && taken(looked)) {
      var more = new Part<>(now, part.besides, part.form, looked);
      if (!parts.replace(now.key(), part, more)) {
        budget.addAndGet(looked.size());
      }
    }
  }

  private Part<T> part(Instance now, Object besides, Supplier<?> tree) {
    Part<T> known = parts.get(now.key());
    if (known != null && known.holds(now, besides)) {
      if (known.of == now) {
        return known;
      }
      // So that the next who ask find it by identity, and nothing of the past is held.
      var next = new Part<>(now, known.besides, known.form, null);
      if (parts.replace(now.key(), known, next) && known.looked != null) {
        budget.addAndGet(known.looked.size());
      }
      return next;
    }
    var next = new Part<T>(now, besides, Form.of(tree.get()), null);
    let(taken(next.form) ? parts.put(now.key(), next) : parts.remove(now.key()));
    return next;
  }

  /** Takes what a form holds from what may be kept, if there is as much. */
  private boolean taken(Form<T> form) {
    if (budget.get() < form.size()) {
      return false;
    }
    budget.addAndGet(-form.size());
    return true;
  }

  private void let(Part<T> gone) {
    if (gone != null) {
      budget.addAndGet(gone.size());
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
