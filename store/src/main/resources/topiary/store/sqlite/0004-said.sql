-- What people say of servers and clusters. A server need not be looked after.

CREATE TABLE promotion (
  host TEXT NOT NULL,
  port INTEGER NOT NULL,
  rule TEXT NOT NULL,
  since TEXT NOT NULL,
  ends TEXT NOT NULL,
  PRIMARY KEY (host, port)
) STRICT, WITHOUT ROWID;

CREATE TABLE downtime (
  host TEXT NOT NULL,
  port INTEGER NOT NULL,
  owner TEXT NOT NULL,
  reason TEXT NOT NULL,
  since TEXT NOT NULL,
  ends TEXT NOT NULL,
  PRIMARY KEY (host, port)
) STRICT, WITHOUT ROWID;

CREATE TABLE maintenance (
  host TEXT NOT NULL,
  port INTEGER NOT NULL,
  id INTEGER NOT NULL,
  owner TEXT NOT NULL,
  reason TEXT NOT NULL,
  since TEXT NOT NULL,
  ends TEXT NOT NULL,
  PRIMARY KEY (host, port)
) STRICT, WITHOUT ROWID;

CREATE TABLE maintenance_count (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  latest INTEGER NOT NULL -- the id that was given last
) STRICT;

INSERT INTO maintenance_count VALUES (1, 0);

CREATE TABLE tag (
  host TEXT NOT NULL,
  port INTEGER NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (host, port, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE pool (
  name TEXT NOT NULL PRIMARY KEY,
  servers TEXT NOT NULL, -- one after the other, with a blank between
  since TEXT NOT NULL,
  ends TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE cluster_alias (
  cluster TEXT NOT NULL PRIMARY KEY,
  alias TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE cluster_domain (
  cluster TEXT NOT NULL PRIMARY KEY,
  domain TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Said of hosts, for whoever asks; no decision reads it.

CREATE TABLE host_attribute (
  host TEXT NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  since TEXT NOT NULL,
  PRIMARY KEY (host, name)
) STRICT, WITHOUT ROWID;
