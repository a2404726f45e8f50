package topiary.app.legacy;

import java.util.Arrays;

/** The ids of the servers from a head down to one, joined anew only when they are others. */
final class Ancestry {

  private record Joined(String[] ids, String text) {}

  /** Whoever reads an old one joins once more: it is never changed itself. */
  private Joined last = new Joined(new String[0], "");

  /** The ids joined by commas, without those that are null. */
  String of(String[] ids) {
    Joined known = last;
    if (!Arrays.equals(known.ids, ids)) {
      var text = new StringBuilder();
      for (String id : ids) {
        if (id != null) {
          text.append(text.isEmpty() ? "" : ",").append(id);
        }
      }
      known = new Joined(ids, text.toString());
      last = known;
    }
    return known.text;
  }
}
