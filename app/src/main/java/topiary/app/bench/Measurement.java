package topiary.app.bench;

import java.io.IOException;
import java.util.List;

/** Something that is measured. */
interface Measurement {

  List<Figures> run(Program program) throws IOException, InterruptedException;
}
