package topiary.engine.dialect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TermsTest {

  @ParameterizedTest
  @CsvSource({
    "Master_Host, Source_Host",
    "Slave_IO_Running, Replica_IO_Running",
    "Slave_IO_State, Replica_IO_State",
    "Seconds_Behind_Master, Seconds_Behind_Source",
    "Relay_Master_Log_File, Relay_Source_Log_File",
    "Exec_Master_Log_Pos, Exec_Source_Log_Pos",
    "Get_master_public_key, Get_Source_public_key",
    "Master_SSL_Allowed, Source_SSL_Allowed",
    "Slave_heartbeat_period, Replica_heartbeat_period",
    "Connection_name, Channel_Name",
    "Gtid_IO_Pos, Retrieved_Gtid_Set",
    "Source_Host, Source_Host",
    "Replicate_Do_DB, Replicate_Do_DB",
    "Using_Gtid, Using_Gtid",
    "Mastery, Mastery",
  })
  void everybodysColumnsGetTodaysNames(String column, String today) {
    assertEquals(Map.of(today, "v"), Terms.today(Map.of(column, "v")));
  }
}
