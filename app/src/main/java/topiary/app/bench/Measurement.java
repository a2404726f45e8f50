package topiary.app.bench;

import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/** Something that is measured. */
interface Measurement {

  List<Figures> run(Program program) throws IOException, InterruptedException;

  /**
   * The same, told part by part where it takes long, so that what goes wrong later loses nothing.
   */
  default void run(Program program, Consumer<Figures> told)
      throws IOException, InterruptedException {
    run(program).forEach(told);
  }
}
