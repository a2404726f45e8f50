package topiary.engine.mysql;

import com.mysql.cj.conf.PropertyKey;
import com.mysql.cj.conf.PropertySet;
import com.mysql.cj.conf.RuntimeProperty;
import com.mysql.cj.jdbc.JdbcPropertySetImpl;
import java.util.EnumMap;
import java.util.Map;
import java.util.Properties;

/**
 * The driver's settings for one connection: some two hundred that it shares with all others that
 * are encrypted in the same way, and how long it may take. Each connection's own would be 15 KB.
 */
final class DriverSettings implements PropertySet {

  /** Of a packet when somebody is logged in, in bytes. */
  static final int LONGEST = 64 * 1024 * 1024;

  private final Map<PropertyKey, RuntimeProperty<?>> shared;
  private final RuntimeProperty<Integer> connecting;
  private final RuntimeProperty<Integer> reading;

  /** Of a packet, in bytes: little until somebody is logged in, as anybody may greet. */
  private final RuntimeProperty<Integer> longest;

  private DriverSettings(
      Map<PropertyKey, RuntimeProperty<?>> shared,
      RuntimeProperty<Integer> connecting,
      RuntimeProperty<Integer> reading,
      RuntimeProperty<Integer> longest) {
    this.shared = shared;
    this.connecting = connecting;
    this.reading = reading;
    this.longest = longest;
  }

  /**
   * Settings as the driver reads them.
   *
   * @param properties by the driver's names for them
   */
  static DriverSettings of(Properties properties) {
    var all = new JdbcPropertySetImpl();
    all.initializeProperties(properties);
    all.postInitialization();
    var shared = new EnumMap<PropertyKey, RuntimeProperty<?>>(PropertyKey.class);
    for (PropertyKey key : PropertyKey.values()) {
      RuntimeProperty<?> property = all.getProperty(key);
      if (property != null) {
        shared.put(key, FixedProperty.of(property));
      }
    }
    return new DriverSettings(
        shared,
        all.getIntegerProperty(PropertyKey.connectTimeout),
        all.getIntegerProperty(PropertyKey.socketTimeout),
        all.getIntegerProperty(PropertyKey.maxAllowedPacket));
  }

  /**
   * The same for one connection.
   *
   * @param millis how long connecting may take, and each wait for the server while logging in
   */
  DriverSettings within(int millis) {
    return new DriverSettings(
        shared,
        FixedProperty.of(connecting).with(millis),
        FixedProperty.of(reading).with(millis),
        longest.getPropertyDefinition().createRuntimeProperty());
  }

  /** Somebody has logged in: answers may be as long as MySQL lets them be by itself. */
  void loggedIn() {
    longest.setValue(LONGEST);
  }

  // Who asks knows the type, as with the driver's own.
  @SuppressWarnings("unchecked")
  @Override
  public <T> RuntimeProperty<T> getProperty(PropertyKey key) {
    return (RuntimeProperty<T>)
        switch (key) {
          case connectTimeout -> connecting;
          case socketTimeout -> reading;
          case maxAllowedPacket -> longest;
          default -> shared.get(key);
        };
  }

  @Override
  public <T> RuntimeProperty<T> getProperty(String name) {
    PropertyKey key = PropertyKey.fromValue(name);
    return key == null ? null : getProperty(key);
  }

  @Override
  public RuntimeProperty<Boolean> getBooleanProperty(String name) {
    return getProperty(name);
  }

  @Override
  public RuntimeProperty<Boolean> getBooleanProperty(PropertyKey key) {
    return getProperty(key);
  }

  @Override
  public RuntimeProperty<Integer> getIntegerProperty(String name) {
    return getProperty(name);
  }

  @Override
  public RuntimeProperty<Integer> getIntegerProperty(PropertyKey key) {
    return getProperty(key);
  }

  @Override
  public RuntimeProperty<Long> getLongProperty(String name) {
    return getProperty(name);
  }

  @Override
  public RuntimeProperty<Long> getLongProperty(PropertyKey key) {
    return getProperty(key);
  }

  @Override
  public RuntimeProperty<Integer> getMemorySizeProperty(String name) {
    return getProperty(name);
  }

  @Override
  public RuntimeProperty<Integer> getMemorySizeProperty(PropertyKey key) {
    return getProperty(key);
  }

  @Override
  public RuntimeProperty<String> getStringProperty(String name) {
    return getProperty(name);
  }

  @Override
  public RuntimeProperty<String> getStringProperty(PropertyKey key) {
    return getProperty(key);
  }

  @Override
  public <T extends Enum<T>> RuntimeProperty<T> getEnumProperty(String name) {
    return getProperty(name);
  }

  @Override
  public <T extends Enum<T>> RuntimeProperty<T> getEnumProperty(PropertyKey key) {
    return getProperty(key);
  }

  @Override
  public void addProperty(RuntimeProperty<?> property) {
    throw new UnsupportedOperationException("settings are shared");
  }

  @Override
  public void removeProperty(String name) {
    throw new UnsupportedOperationException("settings are shared");
  }

  @Override
  public void removeProperty(PropertyKey key) {
    throw new UnsupportedOperationException("settings are shared");
  }

  @Override
  public void initializeProperties(Properties properties) {
    throw new UnsupportedOperationException("settings are shared");
  }

  @Override
  public void postInitialization() {
    // Done when they were made.
  }

  @Override
  public Properties exposeAsProperties() {
    var exposed = new Properties();
    for (PropertyKey key : shared.keySet()) {
      RuntimeProperty<?> property = getProperty(key);
      if (property.isExplicitlySet() && property.getStringValue() != null) {
        exposed.setProperty(key.getKeyName(), property.getStringValue());
      }
    }
    return exposed;
  }

  @Override
  public void reset() {
    // None has ever been another one.
  }
}
