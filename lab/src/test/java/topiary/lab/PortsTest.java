package topiary.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import topiary.lab.base.LabException;

class PortsTest {
  private static final String HOST = "127.0.0.1";

  @Test
  void eachIsGivenOnceAndLiesBelowTheKernelsOwn() {
    var ports = new Ports(HOST, Set.of());
    Set<Integer> taken = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      taken.add(ports.take());
    }
    assertEquals(200, taken.size());
    assertTrue(taken.stream().allMatch(p -> p >= 20000 && p <= 31999));
  }

  @Test
  void neitherListenersNorOtherLabsAreDisturbed() throws IOException {
    int free = new Ports(HOST, Set.of()).take();
    try (var listener = new ServerSocket(free, 1, InetAddress.getByName(HOST))) {
      Set<Integer> others =
          IntStream.rangeClosed(20000, 31999)
              .filter(p -> p != listener.getLocalPort())
              .boxed()
              .collect(Collectors.toSet());
      var ports = new Ports(HOST, others);
      assertTrue(assertThrows(LabException.class, ports::take).getMessage().contains("is free"));
    }
    assertFalse(new Ports(HOST, Set.of(free)).take() == free);
  }
}
