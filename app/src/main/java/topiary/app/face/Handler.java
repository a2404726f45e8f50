package topiary.app.face;

/** Answers requests; called by many threads at once, and may block. */
public interface Handler {

  Reply handle(Request request);
}
