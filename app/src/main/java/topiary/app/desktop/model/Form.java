package topiary.app.desktop.model;

import java.util.List;

/**
 * A question, as a sheet shows it.
 *
 * @param title of it
 * @param words more of it
 * @param fields what is to be filled in
 * @param does what the button says that does it
 * @param danger whether that takes something away
 * @param waiting what is said while the node is asked
 * @param busy whether the node is asked
 * @param sentence the node's no, or what is wrong; empty when nothing is
 */
public record Form(
    String title,
    String words,
    List<Field> fields,
    String does,
    boolean danger,
    String waiting,
    boolean busy,
    String sentence) {

  /**
   * Something to be filled in.
   *
   * @param name under which the answer has it
   * @param id for style sheets and tests
   * @param label above it; empty for none
   * @param prompt what belongs there
   * @param value what stands there at first
   */
  public record Field(String name, String id, String label, String prompt, String value) {}

  public Form {
    fields = List.copyOf(fields);
  }

  /** Whether it is the same question, however far it has come. */
  public boolean same(Form other) {
    return title.equals(other.title) && words.equals(other.words) && fields.equals(other.fields);
  }
}
