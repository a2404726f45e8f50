package topiary.app.desktop.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import topiary.app.Samples;
import topiary.app.desktop.model.ConnectModel.Field;
import topiary.app.desktop.model.ConnectModel.Kind;
import topiary.app.gateway.FakeGateway;
import topiary.app.gateway.GatewayException;
import topiary.app.gateway.place.FakePlaces;
import topiary.app.gateway.place.Past;
import topiary.app.gateway.place.Place;
import topiary.app.gateway.place.Places;

/** The choice of a node, without a window. */
class ConnectModelTest {

  private static final URI NODE = URI.create("http://127.0.0.1:3000");
  private static final Place.Here HERE = new Place.Here("topiary", Optional.of(Samples.key("db1")));

  private final FakePlaces places = new FakePlaces();
  private final List<Places.Opened> opened = new ArrayList<>();
  private final ConnectModel model = new ConnectModel(places, Tasks.sameThread(), opened::add);

  private ConnectModel.State state() {
    return model.state().get();
  }

  private void remember(Place last) {
    places.past = new Past(Optional.of(last), List.of(new Place.There(NODE)), "");
  }

  @Test
  void withoutMemoryTheChoiceIsOffered() {
    model.begin();
    assertTrue(state().shown());
    assertEquals("", state().sentence());
    assertEquals(Kind.HERE, model.kind().get());
    assertEquals(Field.USER, model.first());
    assertEquals("http://127.0.0.1:3000", model.address().get());
    assertFalse(model.leavable().get());
    model.leave();
    assertTrue(state().shown(), "there is nothing to go back to");
    assertEquals(List.of(), places.asked);
  }

  @Test
  void theLastNodeIsOpenedDirectlyWhetherItAnswersOrNot() {
    remember(new Place.There(NODE));
    model.begin();
    assertFalse(state().shown());
    assertEquals(List.of("again http://127.0.0.1:3000"), places.asked);
    assertEquals(1, opened.size());
  }

  @Test
  void thisComputerOnlyAsksForItsPassword() {
    remember(HERE);
    model.begin();
    assertTrue(state().shown());
    assertEquals(Kind.HERE, model.kind().get());
    assertEquals("topiary", model.user().get());
    assertEquals("db1:3306", model.server().get());
    assertEquals(Field.PASSWORD, model.first());
    model.password().set("s3cret");
    model.connect();
    assertEquals(List.of("open " + HERE + " s3cret"), places.asked);
    assertFalse(HERE.toString().contains("s3cret"));
    assertFalse(state().shown());
    assertTrue(model.leavable().get());
  }

  @Test
  void aFileWithCredentialsNeedsNobody() {
    places.file = Optional.of("/home/u/.config/topiary/node.json");
    remember(new Place.Here("", Optional.empty()));
    model.begin();
    assertFalse(state().shown());
    assertEquals(1, opened.size());
    model.offer();
    assertEquals(places.file, model.credentials().get());
    assertEquals(Field.SERVER, model.first());
  }

  @Test
  void whatIsEnteredIsChecked() {
    model.begin();
    wrong(Field.USER, "Enter the user Topiary logs in as on your servers.");
    model.user().set(" topiary ");
    wrong(Field.PASSWORD, "Enter the password of this user.");
    model.password().set("s3cret");
    model.server().set("db1:x");
    wrong(Field.SERVER, "Not a server address (host:port expected): \"db1:x\".");
    model.server().set(" db1 ");
    model.connect();
    assertEquals(List.of("open " + HERE + " s3cret"), places.asked);
  }

  @Test
  void anAddressIsChecked() {
    model.begin();
    model.kind().set(Kind.THERE);
    assertEquals(Field.ADDRESS, model.first());
    model.address().set(" ");
    wrong(Field.ADDRESS, "Enter the address of a node.");
    model.address().set("ftp://db1");
    model.connect();
    assertEquals(Field.ADDRESS, state().wrong());
    assertTrue(state().sentence().startsWith("Not the address of a node: "), state().sentence());
    model.address().set("127.0.0.1:3000");
    model.connect();
    assertEquals(List.of("open " + new Place.There(NODE) + " "), places.asked);
  }

  private void wrong(Field field, String sentence) {
    model.connect();
    assertEquals(field, state().wrong());
    assertEquals(sentence, state().sentence());
    assertEquals(List.of(), places.asked);
  }

  @Test
  void aNodeThatAsksIsToldWhoItIs() {
    Place.There there = new Place.There(NODE).as("ann", "/etc/ca.crt");
    remember(there);
    model.begin();
    assertTrue(state().shown(), "its password is not remembered");
    assertEquals(Kind.THERE, model.kind().get());
    assertEquals(Field.NODE_PASSWORD, model.first());
    assertEquals("/etc/ca.crt", model.authority().get());
    model.nodePassword().set("secret");
    refused("this node does not know this user with this password", Field.NODE_PASSWORD);
    refused("this node asks who you are: give user and password", Field.NODE_USER);
    refused("the certificate is signed by an authority that is not known", Field.AUTHORITY);
    refused("no node answers", Field.ADDRESS);
    model.connect();
    assertEquals("open " + there + " secret", places.asked.getLast());
    assertFalse(state().shown());
  }

  private void refused(String words, Field blamed) {
    places.refusal = Optional.of(new GatewayException(words, GatewayException.Kind.REFUSED, null));
    model.connect();
    assertEquals(blamed, state().wrong());
  }

  @Test
  void aPasswordGoesToTheNodeItWasEnteredFor() {
    remember(new Place.There(NODE).as("ann", "/etc/ca.crt"));
    model.begin();
    model.nodePassword().set("secret");
    model.connectTo("http://127.0.0.1:3100");
    Place other = new Place.There(URI.create("http://127.0.0.1:3100"));
    assertEquals(List.of("open " + other + " "), places.asked);
    model.offer();
    model.kind().set(Kind.THERE);
    model.nodeUser().set("");
    model.nodePassword().set("secret");
    model.connect();
    assertEquals(Field.NODE_USER, state().wrong());
  }

  @Test
  void whatCannotBeOpenedIsSaidAndWhatWasOpenStays() {
    remember(new Place.There(NODE));
    model.begin();
    model.offer();
    assertTrue(state().shown());
    assertEquals(List.of("http://127.0.0.1:3000"), model.recent().get());
    model.address().set("http://127.0.0.1:1");
    places.refusal =
        Optional.of(
            new GatewayException(
                "no node answers at http://127.0.0.1:1", GatewayException.Kind.UNREACHABLE, null));
    model.connect();
    assertTrue(state().shown());
    assertFalse(state().busy());
    assertEquals("No node answers at http://127.0.0.1:1.", state().sentence());
    assertTrue(model.leavable().get());
    model.leave();
    assertFalse(state().shown());
    assertFalse(places.asked.contains("end 0"));
  }

  @Test
  void anotherNodeTakesThePlaceOfTheOldOneWhichEnds() {
    remember(new Place.There(NODE));
    model.begin();
    model.offer();
    model.address().set("http://127.0.0.1:3100");
    model.connect();
    assertEquals("end 0", places.asked.getLast());
    assertEquals(2, opened.size());
    assertEquals(places.opened.getLast(), opened.getLast().gateway());
  }

  @Test
  void aNodeInThisProgramEndsBeforeAnotherBeginsInItsFolder() {
    remember(HERE);
    model.begin();
    model.password().set("old");
    model.connect();
    model.offer();
    model.password().set("new");
    places.refusal =
        Optional.of(new GatewayException("access denied", GatewayException.Kind.REFUSED, null));
    model.connect();
    assertEquals(List.of("end 0", "open " + HERE + " new"), places.asked.subList(1, 3));
    assertFalse(model.leavable().get(), "what was open has ended");
    assertEquals("Access denied.", state().sentence());
    model.connect();
    assertFalse(state().shown());
  }

  @Test
  void whatWasGivenUpOpensNothingWhenItComesLate() {
    var waiting = new ArrayList<Runnable>();
    var slow = new ConnectModel(places, new Tasks(waiting::add, Runnable::run), opened::add);
    slow.begin();
    slow.kind().set(Kind.THERE);
    slow.connect();
    assertTrue(slow.state().get().busy());
    slow.leave();
    assertFalse(slow.state().get().busy());
    while (!waiting.isEmpty()) {
      waiting.removeFirst().run();
    }
    assertEquals(List.of(), opened);
    assertEquals("end 0", places.asked.getLast());
    assertTrue(slow.state().get().shown());
  }

  @Test
  void aDamagedMemoryIsToldAndTreatedAsAbsent() {
    places.past = new Past(Optional.empty(), List.of(), "desktop.json cannot be read: no JSON");
    model.begin();
    assertTrue(state().shown());
    assertEquals("desktop.json cannot be read: no JSON.", state().sentence());
  }

  @Test
  void aWindowThatBeginsOnANodeIsNotAsked() {
    var given = new FakeGateway();
    model.on(given);
    assertFalse(state().shown());
    assertEquals(given, opened.getFirst().gateway());
    model.offer();
    model.leave();
    assertFalse(state().shown());
  }
}
