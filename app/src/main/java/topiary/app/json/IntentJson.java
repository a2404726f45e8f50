package topiary.app.json;

import java.util.LinkedHashMap;
import java.util.Map;
import topiary.engine.catalogue.Catalogue;
import topiary.engine.catalogue.InTree;
import topiary.engine.catalogue.OneServer;
import topiary.engine.catalogue.Operation;
import topiary.engine.intent.Intent;

/** An intent as the call that asks for it. */
public final class IntentJson {

  private IntentJson() {}

  /**
   * The operation's name and its arguments.
   *
   * @throws IllegalArgumentException for {@link Intent.CannotBeUndone}, for which there is no call
   */
  public static Map<String, Object> call(Intent intent) {
    var call = new LinkedHashMap<String, Object>();
    switch (intent) {
      case Intent.Relocate(var replica, var below) -> {
        call.put("operation", Catalogue.RELOCATE.name());
        call.put("replica", replica.toString());
        call.put("below", below.toString());
      }
      case Intent.RelocateBy(var move, var way) -> {
        call.putAll(call(move));
        call.put("way", way.word());
      }
      case Intent.StartReplication(var replica, _) ->
          on(call, Catalogue.START_REPLICATION, replica.toString());
      case Intent.StopReplication(var replica, _) ->
          on(call, Catalogue.STOP_REPLICATION, replica.toString());
      case Intent.SetReadOnly(var server, var readOnly) ->
          on(call, readOnly ? Catalogue.SET_READ_ONLY : Catalogue.SET_WRITEABLE, server.toString());
      case Intent.OnServer(var server, var doing) -> {
        on(call, OneServer.operation(doing), server.toString());
        call.putAll(OneServer.arguments(doing));
      }
      case Intent.InTree(var server, var reshaping) -> {
        on(call, InTree.operation(reshaping), server.toString());
        call.putAll(InTree.arguments(reshaping));
      }
      case Intent.Moves moves -> {
        call.put("operation", InTree.RELOCATE_SEVERAL.name());
        call.put("moves", InTree.moves(moves));
      }
      case Intent.OnChannel(var wanted, var channel) -> {
        call.putAll(call(wanted));
        call.put("channel", channel.isEmpty() ? Intent.OnChannel.UNNAMED : channel);
      }
      case Intent.Replace part -> {
        call.put("operation", "recover");
        call.put("instance", part.failed().toString());
        call.put("candidate", part.successor().toString());
      }
      case Intent.CannotBeUndone none ->
          throw new IllegalArgumentException("nobody asks for that: " + none.words());
      case Intent.Undo(var plan) -> {
        call.put("operation", Catalogue.UNDO.name());
        call.put("plan", plan.text());
      }
    }
    return call;
  }

  private static void on(Map<String, Object> call, Operation operation, String instance) {
    call.put("operation", operation.name());
    call.put("instance", instance);
  }
}
