package topiary.engine.analysis;

/** How sure it is that a server is dead. */
enum Doubt {
  /** It answers. */
  ALIVE,
  /** It, or one of its replicas, was not looked at yet, or not since this node began or woke. */
  UNSEEN,
  /** It answers, and lets nobody of us in. */
  REFUSING,
  /** It has not been silent for long. */
  PATIENT,
  /** It has been silent for long, and nobody else says that it is gone. */
  UNCONFIRMED,
  /** It is dead, as far as anybody can tell. */
  DEAD
}
