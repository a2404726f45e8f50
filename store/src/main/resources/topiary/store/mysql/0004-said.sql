-- What people say of servers and clusters. A server need not be looked after.

CREATE TABLE IF NOT EXISTS promotion (
  host VARCHAR(255) NOT NULL,
  port INT NOT NULL,
  rule VARCHAR(16) NOT NULL,
  since VARCHAR(64) NOT NULL,
  ends VARCHAR(64) NOT NULL,
  PRIMARY KEY (host, port)
) ${table};

CREATE TABLE IF NOT EXISTS downtime (
  host VARCHAR(255) NOT NULL,
  port INT NOT NULL,
  owner TEXT NOT NULL,
  reason TEXT NOT NULL,
  since VARCHAR(64) NOT NULL,
  ends VARCHAR(64) NOT NULL,
  PRIMARY KEY (host, port)
) ${table};

CREATE TABLE IF NOT EXISTS maintenance (
  host VARCHAR(255) NOT NULL,
  port INT NOT NULL,
  id BIGINT NOT NULL,
  owner TEXT NOT NULL,
  reason TEXT NOT NULL,
  since VARCHAR(64) NOT NULL,
  ends VARCHAR(64) NOT NULL,
  PRIMARY KEY (host, port)
) ${table};

CREATE TABLE IF NOT EXISTS maintenance_count (
  one INT PRIMARY KEY CHECK (one = 1),
  latest BIGINT NOT NULL -- the id that was given last
) ${table};

INSERT IGNORE INTO maintenance_count VALUES (1, 0);

CREATE TABLE IF NOT EXISTS tag (
  host VARCHAR(255) NOT NULL,
  port INT NOT NULL,
  name VARCHAR(255) NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (host, port, name)
) ${table};

CREATE TABLE IF NOT EXISTS pool (
  name VARCHAR(255) NOT NULL PRIMARY KEY,
  servers LONGTEXT NOT NULL, -- one after the other, with a blank between
  since VARCHAR(64) NOT NULL,
  ends VARCHAR(64) NOT NULL
) ${table};

CREATE TABLE IF NOT EXISTS cluster_alias (
  cluster VARCHAR(64) NOT NULL PRIMARY KEY,
  alias TEXT NOT NULL
) ${table};

CREATE TABLE IF NOT EXISTS cluster_domain (
  cluster VARCHAR(64) NOT NULL PRIMARY KEY,
  domain TEXT NOT NULL
) ${table};

-- Said of hosts, for whoever asks; no decision reads it.

CREATE TABLE IF NOT EXISTS host_attribute (
  host VARCHAR(255) NOT NULL,
  name VARCHAR(255) NOT NULL,
  value TEXT NOT NULL,
  since VARCHAR(64) NOT NULL,
  PRIMARY KEY (host, name)
) ${table};
