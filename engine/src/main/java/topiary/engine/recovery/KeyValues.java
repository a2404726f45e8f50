package topiary.engine.recovery;

import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import topiary.engine.model.ClusterId;
import topiary.engine.policy.RecoveryPolicy;
import topiary.engine.policy.RecoveryRule;
import topiary.engine.state.ManagerState;
import topiary.engine.state.ToldPrimary;

/** Where applications are told to write, as keys and values of orchestrator's form. Pure. */
public final class KeyValues {

  private KeyValues() {}

  /**
   * All of them.
   *
   * @param shipped how keys begin where nothing is set
   */
  public static SortedMap<String, String> of(RecoveryPolicy shipped, ManagerState state) {
    var all = new TreeMap<String, String>();
    state.recoveries().told().keySet().forEach(cluster -> all.putAll(of(shipped, state, cluster)));
    return all;
  }

  /** Those of one cluster; none of one of which nothing is told. */
  public static SortedMap<String, String> of(
      RecoveryPolicy shipped, ManagerState state, ClusterId cluster) {
    ToldPrimary told = state.recoveries().told().get(cluster);
    return told == null
        ? new TreeMap<>()
        : of(
            RecoveryRule.of(shipped, state.said().rules(), Optional.of(cluster)).keyPrefix(), told);
  }

  static SortedMap<String, String> of(String prefix, ToldPrimary told) {
    // One slash behind it, however many there are; one alone is what people write for none.
    String key = prefix.replaceAll("/+$", "") + "/" + told.alias();
    var all = new TreeMap<String, String>();
    all.put(key, told.primary().host() + ":" + told.primary().port());
    all.put(key + "/hostname", told.primary().host());
    all.put(key + "/port", Integer.toString(told.primary().port()));
    all.put(key + "/ipv4", told.ipv4());
    all.put(key + "/ipv6", told.ipv6());
    return all;
  }
}
