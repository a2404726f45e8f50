package topiary.engine.mysql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.mysql.cj.conf.PropertyDefinitions;
import com.mysql.cj.conf.PropertyKey;
import com.mysql.cj.conf.RuntimeProperty;
import java.util.Properties;
import org.junit.jupiter.api.Test;

final class DriverSettingsTest {

  private static DriverSettings settings() {
    var p = new Properties();
    p.setProperty("sslMode", "REQUIRED");
    return DriverSettings.of(p);
  }

  @Test
  void thereIsEverythingThatTheDriverDefines() {
    DriverSettings all = settings().within(1);
    for (PropertyKey key : PropertyDefinitions.PROPERTY_KEY_TO_PROPERTY_DEFINITION.keySet()) {
      RuntimeProperty<?> property = all.getProperty(key);
      assertNotNull(property, key.getKeyName());
      assertEquals(key, property.getPropertyDefinition().getPropertyKey());
      assertSame(property, all.getProperty(key.getKeyName()));
    }
    assertEquals("REQUIRED", all.getEnumProperty(PropertyKey.sslMode).getStringValue());
  }

  @Test
  void aConnectionHasOfItsOwnHowLongItMayTakeAndNothingElse() {
    DriverSettings all = settings();
    DriverSettings one = all.within(100);
    DriverSettings other = all.within(200);
    one.loggedIn();
    for (PropertyKey key : PropertyDefinitions.PROPERTY_KEY_TO_PROPERTY_DEFINITION.keySet()) {
      switch (key) {
        case connectTimeout, socketTimeout -> {
          assertEquals(100, one.<Integer>getProperty(key).getValue());
          assertEquals(200, other.<Integer>getProperty(key).getValue());
        }
        case maxAllowedPacket -> {
          assertEquals(64 * 1024 * 1024, one.<Integer>getProperty(key).getValue());
          assertEquals(65535, other.<Integer>getProperty(key).getValue());
        }
        default -> assertSame(one.<Object>getProperty(key), other.<Object>getProperty(key));
      }
    }
  }

  @Test
  void nobodyChangesWhatAllShare() {
    RuntimeProperty<Boolean> multi =
        settings().within(1).getBooleanProperty(PropertyKey.allowMultiQueries);
    assertThrows(IllegalStateException.class, () -> multi.setValue(true));
    assertEquals(false, multi.getValue());
  }
}
