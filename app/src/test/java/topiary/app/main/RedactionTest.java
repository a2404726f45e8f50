package topiary.app.main;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RedactionTest {

  @Test
  void whereAPasswordIsKeptStaysAndWhatIsWrittenInGoes() {
    Object kept =
        Redaction.config(
            Map.of(
                "listen", "127.0.0.1:3000",
                "credentials",
                    List.of(
                        Map.of("user", "topiary", "password", Map.of("file", "/etc/p")),
                        Map.of("user", "other", "password", "open sesame"),
                        Map.of("password", Map.of("file", List.of("odd")))),
                "notify", Map.of("webhook", "https://chat.example/T/B/x"),
                "cluster", Map.of("join", List.of("https://ann:pw@n1:3000"))));
    assertEquals(
        Map.of(
            "listen", "127.0.0.1:3000",
            "credentials",
                List.of(
                    Map.of("user", "topiary", "password", Map.of("file", "/etc/p")),
                    Map.of("user", "other", "password", "<secret>"),
                    Map.of("password", "<secret>")),
            "notify", Map.of("webhook", "<secret>"),
            "cluster", Map.of("join", List.of("https://<secret>@n1:3000"))),
        kept);
  }

  @Test
  void theLongerSecretIsTakenOutFirstAndShortOnesStay() {
    assertEquals(
        "a <secret> b <secret> abc",
        Redaction.text("a secret-long b secret abc", List.of("secret", "secret-long", "abc")));
  }
}
