package topiary.app.notify;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import topiary.app.config.BadConfig;
import topiary.app.config.CredentialRule;
import topiary.app.config.NotifyConfig;

/**
 * Posts JSON to an address, which is read anew each time and may hold a token: only its host is
 * ever shown.
 */
public final class Webhook implements Receiver, AutoCloseable {

  private static final Duration CONNECT = Duration.ofSeconds(3);
  private static final Duration ANSWER = Duration.ofSeconds(10);

  private final CredentialRule.Source address;
  private final HttpClient client = HttpClient.newBuilder().connectTimeout(CONNECT).build();

  /**
   * A webhook.
   *
   * @param address where its address stands
   */
  public Webhook(CredentialRule.Source address) {
    this.address = address;
  }

  @Override
  public void take(byte[] json) throws IOException, InterruptedException {
    URI to;
    try {
      to = NotifyConfig.address(address);
    } catch (BadConfig e) {
      throw new IOException(e.getMessage(), e);
    }
    HttpRequest request =
        HttpRequest.newBuilder(to)
            .timeout(ANSWER)
            .header("Content-Type", "application/json")
            .header("User-Agent", "topiary")
            .POST(HttpRequest.BodyPublishers.ofByteArray(json))
            .build();
    int status;
    try {
      status = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      throw new IOException(to.getHost() + " does not answer", e);
    }
    if (status / 100 != 2) {
      throw new IOException(to.getHost() + " answers " + status);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
