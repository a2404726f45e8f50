-- Names that reach a server which is looked after by another name.

CREATE TABLE IF NOT EXISTS alias (
  host VARCHAR(255) NOT NULL,
  port INT NOT NULL,
  server_host VARCHAR(255) NOT NULL,
  server_port INT NOT NULL,
  PRIMARY KEY (host, port)
) ${table};
