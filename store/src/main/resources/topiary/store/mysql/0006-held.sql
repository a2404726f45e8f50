-- Threads of a replica are held one by one. Before, both were, by one plan; the table for that stays,
-- empty, so that this text can be run again when it was broken off.

CREATE TABLE IF NOT EXISTS held_threads (
  host VARCHAR(255) NOT NULL,
  port INT NOT NULL,
  io_plan VARCHAR(64) NOT NULL, -- who holds the receiving thread; empty for nobody
  sql_plan VARCHAR(64) NOT NULL, -- who holds the applying thread; empty for nobody
  PRIMARY KEY (host, port)
) ${table};

REPLACE INTO held_threads SELECT host, port, plan, plan FROM held;

DELETE FROM held;
