package topiary.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import topiary.lab.proxy.LinkProxy;

/** The proxies of a detached lab, in a process of their own. */
public final class ProxyProcess {
  static final String ROLE = "proxy";

  private static final long WATCH_SECONDS = 1;

  private ProxyProcess() {}

  /**
   * The process itself. It ends with the lab.
   *
   * @param args the lab's folder
   */
  public static void main(String[] args) throws InterruptedException {
    Path lab = Path.of(args[0]);
    Path stateFile = lab.resolve("lab.json");
    try (var proxy =
        new LinkProxy(lab.getFileName().toString(), Site.HOST, new MemberSockets(stateFile))) {
      new ProxyState(proxy.address(), Map.of()).write(lab);
      // Killed when the lab is taken down; this is for a lab whose folder was deleted by hand.
      while (Files.exists(stateFile)) {
        TimeUnit.SECONDS.sleep(WATCH_SECONDS);
      }
    }
  }
}
