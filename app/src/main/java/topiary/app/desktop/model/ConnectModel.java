package topiary.app.desktop.model;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import topiary.app.gateway.Gateway;
import topiary.app.gateway.GatewayException;
import topiary.app.gateway.place.Past;
import topiary.app.gateway.place.Place;
import topiary.app.gateway.place.Places;
import topiary.engine.model.InstanceKey;
import topiary.engine.policy.TlsMode;

/** The choice of a node: what is entered, whether it can be, and what came of it. */
public final class ConnectModel {

  /** How the server's refusal of a login ends. */
  private static final String ACCESS_DENIED = "(error 1045)";

  /** In what a node says to whom it does not know, and who says nothing. */
  private static final String ASKS = "asks who you are";

  private static final String NOT_KNOWN = "does not know this user";
  private static final String AUTHORITY = "authority";

  private static final String USUAL = "http://127.0.0.1:3000";

  /** Where the node is. */
  public enum Kind {
    /** In this program. */
    HERE,
    /** Elsewhere. */
    THERE
  }

  /** What is entered. */
  public enum Field {
    USER,
    PASSWORD,
    SERVER,
    ADDRESS,
    NODE_USER,
    NODE_PASSWORD,
    AUTHORITY,
    NONE
  }

  /**
   * How far it is.
   *
   * @param shown whether the choice is offered
   * @param busy whether a way is being opened
   * @param wrong the field that is not as it should be
   * @param sentence what is wrong, or worth telling; empty when nothing is
   */
  public record State(boolean shown, boolean busy, Field wrong, String sentence) {
    private State says(Field field, String words) {
      return new State(shown, false, field, words);
    }
  }

  private final Places places;
  private final Tasks tasks;
  private final Consumer<Places.Opened> opened;
  private final ObjectProperty<Kind> kind = new SimpleObjectProperty<>(Kind.HERE);
  private final StringProperty user = new SimpleStringProperty("");
  private final StringProperty password = new SimpleStringProperty("");
  private final ObjectProperty<TlsMode> tls = new SimpleObjectProperty<>(TlsMode.PREFERRED);
  private final StringProperty server = new SimpleStringProperty("");
  private final StringProperty address = new SimpleStringProperty(USUAL);
  private final StringProperty nodeUser = new SimpleStringProperty("");
  private final StringProperty nodePassword = new SimpleStringProperty("");
  private final StringProperty authority = new SimpleStringProperty("");
  private final ReadOnlyObjectWrapper<State> state =
      new ReadOnlyObjectWrapper<>(new State(false, false, Field.NONE, ""));
  private final ReadOnlyObjectWrapper<List<String>> recent = new ReadOnlyObjectWrapper<>(List.of());
  private final ReadOnlyObjectWrapper<Optional<String>> credentials =
      new ReadOnlyObjectWrapper<>(Optional.empty());
  private final ReadOnlyBooleanWrapper leavable = new ReadOnlyBooleanWrapper();

  /** The way the window is on. */
  private Optional<Gateway> current = Optional.empty();

  /** Counts what was tried, so that what was given up opens nothing when it comes late. */
  private int tried;

  /**
   * A choice.
   *
   * @param opened takes the way that was opened, on the window's thread
   */
  public ConnectModel(Places places, Tasks tasks, Consumer<Places.Opened> opened) {
    this.places = places;
    this.tasks = tasks;
    this.opened = opened;
    // What was wrong with the other one is not wrong with this one.
    kind.subscribe((before, now) -> state.set(state.get().says(Field.NONE, "")));
  }

  // ---- what is entered

  public ObjectProperty<Kind> kind() {
    return kind;
  }

  public StringProperty user() {
    return user;
  }

  /** Only ever here, while the program runs. */
  public StringProperty password() {
    return password;
  }

  /** How the connections to the servers are encrypted. */
  public ObjectProperty<TlsMode> tls() {
    return tls;
  }

  /** The first server. */
  public StringProperty server() {
    return server;
  }

  /** One, or several of one cluster with spaces or commas between them. */
  public StringProperty address() {
    return address;
  }

  /** Whom the node knows by a password; empty when it does not ask. */
  public StringProperty nodeUser() {
    return nodeUser;
  }

  /** Only ever here, while the program runs. */
  public StringProperty nodePassword() {
    return nodePassword;
  }

  /** The file of the authority of the node's certificate. */
  public StringProperty authority() {
    return authority;
  }

  // ---- what is shown

  public ReadOnlyObjectProperty<State> state() {
    return state.getReadOnlyProperty();
  }

  /** Addresses of nodes that were chosen before. */
  public ReadOnlyObjectProperty<List<String>> recent() {
    return recent.getReadOnlyProperty();
  }

  /** The file this computer's users and passwords are in; empty when they are asked for. */
  public ReadOnlyObjectProperty<Optional<String>> credentials() {
    return credentials.getReadOnlyProperty();
  }

  /** Whether there is something to go back to. */
  public ReadOnlyBooleanProperty leavable() {
    return leavable.getReadOnlyProperty();
  }

  /** The field to begin with: the first that has to be filled in. */
  public Field first() {
    if (kind.get() == Kind.THERE) {
      boolean asked = !nodeUser.get().isBlank() && nodePassword.get().isEmpty();
      return asked ? Field.NODE_PASSWORD : Field.ADDRESS;
    }
    if (credentials.get().isPresent()) {
      return Field.SERVER;
    }
    return user.get().isBlank() ? Field.USER : Field.PASSWORD;
  }

  // ---- deeds

  /** Goes where the window was last, or offers the choice. */
  public void begin() {
    Past past = recall();
    if (past.last().isPresent()
        && past.last().get() instanceof Place.There there
        && there.user().isEmpty()) {
      arrive(new Places.Opened(places.again(there), ""));
    } else if (past.last().isPresent() && credentials.get().isPresent()) {
      state.set(new State(true, false, Field.NONE, ""));
      connect();
    }
  }

  /** The window is on a way that was opened elsewhere. */
  public void on(Gateway gateway) {
    arrive(new Places.Opened(gateway, ""));
  }

  /** Offers the choice. */
  public void offer() {
    recall();
  }

  private Past recall() {
    Past past = places.past();
    recent.set(past.recent().stream().map(Place.There::words).toList());
    credentials.set(places.credentials());
    past.last().ifPresent(this::fill);
    String trouble = past.trouble();
    state.set(new State(true, false, Field.NONE, trouble.isEmpty() ? "" : Words.sentence(trouble)));
    return past;
  }

  private void fill(Place last) {
    switch (last) {
      case Place.Here(var as, var first, var encrypted) -> {
        tls.set(encrypted);
        kind.set(Kind.HERE);
        user.set(as);
        server.set(first.map(InstanceKey::toString).orElse(""));
      }
      case Place.There nodes -> {
        kind.set(Kind.THERE);
        address.set(nodes.words());
        nodeUser.set(nodes.user());
        authority.set(nodes.authority());
      }
    }
  }

  /** Opens one of {@link #recent}; what was entered for another node is not given to it. */
  public void connectTo(String node) {
    if (!node.equals(address.get().strip())) {
      nodeUser.set("");
      nodePassword.set("");
      authority.set("");
      address.set(node);
    }
    connect();
  }

  /** Opens what is entered. */
  public void connect() {
    if (state.get().busy()) {
      return;
    }
    Optional<Place> place = entered();
    if (place.isEmpty()) {
      return;
    }
    state.set(new State(true, true, Field.NONE, ""));
    int mine = ++tried;
    Optional<Gateway> before = leaves(place.get());
    String secret = place.get() instanceof Place.There ? nodePassword.get() : password.get();
    tasks.run(
        () -> {
          before.ifPresent(places::end);
          return places.open(place.get(), secret);
        },
        way -> {
          if (mine == tried) {
            arrive(way);
          } else {
            end(way.gateway());
          }
        },
        no -> {
          if (mine == tried) {
            state.set(state.get().says(blamed(no), Words.sentence(no.getMessage())));
          }
        });
  }

  /** The field to look at first when a place cannot be opened. */
  private Field blamed(GatewayException no) {
    if (kind.get() == Kind.THERE) {
      return blamedThere(no.getMessage());
    }
    if (no.getMessage().contains(ACCESS_DENIED)) {
      return Field.PASSWORD;
    }
    return server.get().isBlank() ? Field.NONE : Field.SERVER;
  }

  private static Field blamedThere(String words) {
    if (words.contains(ASKS)) {
      return Field.NODE_USER;
    }
    if (words.contains(NOT_KNOWN)) {
      return Field.NODE_PASSWORD;
    }
    return words.contains(AUTHORITY) ? Field.AUTHORITY : Field.ADDRESS;
  }

  /** A node in this program holds its folder: the one that runs ends before another begins. */
  private Optional<Gateway> leaves(Place next) {
    Optional<Gateway> before = current.filter(g -> g.here() && next instanceof Place.Here);
    if (before.isPresent()) {
      current = Optional.empty();
      leavable.set(false);
    }
    return before;
  }

  private void arrive(Places.Opened way) {
    current.ifPresent(this::end);
    current = Optional.of(way.gateway());
    leavable.set(true);
    state.set(new State(false, false, Field.NONE, ""));
    opened.accept(way);
  }

  private void end(Gateway gateway) {
    tasks.run(
        () -> {
          places.end(gateway);
          return gateway;
        },
        ended -> {},
        no -> {});
  }

  /** Gives up what is under way, else goes back to where the window was. */
  public void leave() {
    if (state.get().busy()) {
      tried++;
      state.set(state.get().says(Field.NONE, ""));
    } else if (leavable.get()) {
      state.set(new State(false, false, Field.NONE, ""));
    }
  }

  // ---- what is wrong with it

  /** What is entered, if it can be opened; else it is said what is wrong. */
  private Optional<Place> entered() {
    if (kind.get() == Kind.THERE) {
      try {
        Place.There there = Place.There.parse(address.get());
        if (nodeUser.get().isBlank() && !nodePassword.get().isEmpty()) {
          return wrong(Field.NODE_USER, "enter whose password it is");
        }
        return Optional.of(there.as(nodeUser.get(), authority.get()));
      } catch (IllegalArgumentException e) {
        return wrong(Field.ADDRESS, e.getMessage());
      }
    }
    boolean asked = credentials.get().isEmpty();
    if (asked && user.get().isBlank()) {
      return wrong(Field.USER, "enter the user Topiary logs in as on your servers");
    }
    if (asked && password.get().isEmpty()) {
      return wrong(Field.PASSWORD, "enter the password of this user");
    }
    try {
      String text = server.get().strip();
      Optional<InstanceKey> first =
          text.isEmpty() ? Optional.empty() : Optional.of(InstanceKey.parse(text));
      return Optional.of(new Place.Here(asked ? user.get().strip() : "", first, tls.get()));
    } catch (IllegalArgumentException e) {
      return wrong(Field.SERVER, e.getMessage());
    }
  }

  private Optional<Place> wrong(Field field, String words) {
    state.set(state.get().says(field, Words.sentence(words)));
    return Optional.empty();
  }
}
