package topiary.lab.proxy;

/**
 * Where a lab's proxy takes orders.
 *
 * @param port on loopback
 * @param token a secret of the lab
 */
public record ControlAddress(int port, String token) {
  /** Without the token. */
  @Override
  public String toString() {
    return "control port " + port;
  }
}
