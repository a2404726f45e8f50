package topiary.app.notify;

import java.io.IOException;

/** Takes what is told. */
public interface Receiver {

  /**
   * Hands it over, within seconds.
   *
   * @param json a document
   * @throws IOException with a sentence that holds no secret, when it was not taken
   */
  void take(byte[] json) throws IOException, InterruptedException;
}
