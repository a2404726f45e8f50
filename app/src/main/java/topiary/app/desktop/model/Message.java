package topiary.app.desktop.model;

/**
 * Something to be shown outside of the window.
 *
 * @param urgent whether somebody should look at once
 * @param title what happened, in a few words; plain text
 * @param body more of it, in lines; plain text
 */
public record Message(boolean urgent, String title, String body) {

  /** What shows messages outside of the window, whatever program that is. */
  public interface Way {

    /** The way of a computer that has none. */
    Way NONE = message -> "There is nothing here that shows messages outside of the window.";

    /** Shows one; tells why it could not, a sentence, or nothing. May take seconds. */
    String show(Message message);
  }
}
