-- Threads of a replica are held one by one. Before, both were, by one plan.

CREATE TABLE held_threads (
  host TEXT NOT NULL,
  port INTEGER NOT NULL,
  io_plan TEXT NOT NULL, -- who holds the receiving thread; empty for nobody
  sql_plan TEXT NOT NULL, -- who holds the applying thread; empty for nobody
  PRIMARY KEY (host, port)
) STRICT, WITHOUT ROWID;

INSERT INTO held_threads SELECT host, port, plan, plan FROM held;

DROP TABLE held;
