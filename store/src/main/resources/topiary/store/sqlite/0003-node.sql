-- The nodes of the cluster, as each has announced itself, and the feature level that commands in
-- the log may have.

CREATE TABLE node (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  http TEXT NOT NULL,
  level INTEGER NOT NULL, -- the highest it understands
  version TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE feature_level (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  level INTEGER NOT NULL
) STRICT;

INSERT INTO feature_level VALUES (1, 1);
