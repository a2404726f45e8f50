-- Names that reach a server which is looked after by another name.

CREATE TABLE alias (
  host TEXT NOT NULL,
  port INTEGER NOT NULL,
  server_host TEXT NOT NULL,
  server_port INTEGER NOT NULL,
  PRIMARY KEY (host, port)
) STRICT, WITHOUT ROWID;
