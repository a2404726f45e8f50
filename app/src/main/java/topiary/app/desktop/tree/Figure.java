package topiary.app.desktop.tree;

import java.util.Map;
import topiary.app.desktop.layout.Box;
import topiary.app.desktop.layout.Route;
import topiary.app.desktop.model.Fold;
import topiary.app.desktop.model.PickUp;
import topiary.app.desktop.model.ServerCard;
import topiary.engine.model.InstanceKey;

/** A card in the picture: where it is just now, on its way to where it belongs. */
final class Figure {

  private static final Box NOWHERE = new Box(0, 0, 0, 0);

  /** What it says; null only until the graph has said it. */
  ServerCard card;

  /** What it hides, or null. */
  Fold fold;

  /** Whose replica it is, or null. */
  Figure source;

  /** How many hang below it in the picture. */
  int replicas;

  private Box box = NOWHERE;
  private Box from = NOWHERE;
  private Box to = NOWHERE;
  private Route route;
  private Route routeFrom;
  private Route routeTo;
  private double opacity = 1;
  private double opacityFrom = 1;
  private double opacityTo = 1;
  private Figure formerSource;
  private boolean gone;

  /** What was known when it was asked for a verdict last. */
  private Map<InstanceKey, PickUp.Verdict> judged;

  private PickUp.Verdict verdict;

  /** What would come of putting down here what is held; null while nobody has thought about it. */
  PickUp.Verdict verdict(PickUp hand) {
    // For every card of every picture; what is known changes rarely.
    if (judged != hand.known()) {
      judged = hand.known();
      verdict = judged.get(card.key());
    }
    boolean over = hand.over().isPresent() && hand.over().get().equals(card.key());
    return over && verdict == null ? hand.on(card.key()) : verdict;
  }

  // ---- how it is now

  Box box() {
    return box;
  }

  /** How the edge to it runs; null for one without a source. */
  Route route() {
    return route;
  }

  double opacity() {
    return opacity;
  }

  /** Where it belongs. */
  Box to() {
    return to;
  }

  /** How the edge to it belongs. */
  Route target() {
    return routeTo;
  }

  boolean gone() {
    return gone;
  }

  // ---- where it goes

  void go(Box next) {
    if (to == NOWHERE) {
      box = next;
    }
    to = next;
  }

  void go(Route next) {
    if (route == null) {
      route = next;
    }
    routeTo = next;
  }

  void hang(Figure below) {
    source = below;
    below.replicas++;
  }

  void cut() {
    source.replicas--;
    formerSource = source;
    source = null;
    route = null;
    routeTo = null;
  }

  /** Begins to appear, out of a source that was there before. */
  void appear() {
    if (source != null && source.opacity > 0) {
      box = beside(source.box);
    }
    opacity = 0;
  }

  /** Begins to vanish, into its source when that stays. */
  void vanish() {
    gone = true;
    opacityTo = 0;
  }

  private Box beside(Box other) {
    return new Box(other.x(), other.middle() - to.height() / 2, to.width(), to.height());
  }

  /** What moves begins here. */
  void depart() {
    if (gone && formerSource != null && !formerSource.gone) {
      to = beside(formerSource.to);
    }
    from = box;
    routeFrom = route;
    opacityFrom = opacity;
  }

  /** Where it is when a part of the way is behind it, 0 to 1. */
  void advance(double part) {
    if (part >= 1) {
      box = to;
      route = routeTo;
      opacity = opacityTo;
      return;
    }
    box = from.equals(to) ? to : from.towards(to, part);
    opacity = opacityFrom + (opacityTo - opacityFrom) * part;
    if (routeTo != null && routeFrom != null) {
      route = routeFrom.towards(routeTo, part);
    }
  }

  boolean settled() {
    return box.equals(to) && opacity == opacityTo;
  }
}
