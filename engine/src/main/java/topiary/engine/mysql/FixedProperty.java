package topiary.engine.mysql;

import com.mysql.cj.conf.PropertyDefinition;
import com.mysql.cj.conf.RuntimeProperty;
import com.mysql.cj.exceptions.ExceptionInterceptor;
import java.util.Objects;
import java.util.Properties;
import javax.naming.Reference;

/**
 * A setting of the driver that many connections share, so that nobody may change it. Immutable.
 *
 * @param definition what it is
 * @param value what it is set to; null for nothing
 * @param explicit whether it was asked for, rather than what the driver does by itself
 */
record FixedProperty<T>(PropertyDefinition<T> definition, T value, boolean explicit)
    implements RuntimeProperty<T> {

  static <T> FixedProperty<T> of(RuntimeProperty<T> property) {
    return new FixedProperty<>(
        property.getPropertyDefinition(), property.getValue(), property.isExplicitlySet());
  }

  /** The same setting with another value. */
  FixedProperty<T> with(T other) {
    return new FixedProperty<>(definition, other, true);
  }

  @Override
  public PropertyDefinition<T> getPropertyDefinition() {
    return definition;
  }

  @Override
  public T getValue() {
    return value;
  }

  @Override
  public T getInitialValue() {
    return value;
  }

  @Override
  public String getStringValue() {
    return value == null ? null : value.toString();
  }

  @Override
  public boolean isExplicitlySet() {
    return explicit;
  }

  @Override
  public void resetValue() {
    // It has never been another one.
  }

  @Override
  public void addListener(RuntimePropertyListener listener) {
    // There will be nothing to hear.
  }

  @Override
  public void removeListener(RuntimePropertyListener listener) {
    // As above.
  }

  @Override
  public void initializeFrom(Properties from, ExceptionInterceptor interceptor) {
    throw shared();
  }

  @Override
  public void initializeFrom(Reference from, ExceptionInterceptor interceptor) {
    throw shared();
  }

  @Override
  public void setValue(T other) {
    // The driver sets what it has found out; that it is told beforehand.
    if (!Objects.equals(value, other)) {
      throw shared();
    }
  }

  @Override
  public void setValue(T other, ExceptionInterceptor interceptor) {
    setValue(other);
  }

  private IllegalStateException shared() {
    return new IllegalStateException(definition.getName() + " belongs to all connections");
  }
}
