-- The nodes of the cluster, as each has announced itself, and the feature level that commands in
-- the log may have.

CREATE TABLE IF NOT EXISTS node (
  id VARCHAR(64) NOT NULL PRIMARY KEY,
  name VARCHAR(255) NOT NULL,
  http TEXT NOT NULL,
  level INT NOT NULL, -- the highest it understands
  version TEXT NOT NULL
) ${table};

CREATE TABLE IF NOT EXISTS feature_level (
  one INT NOT NULL PRIMARY KEY,
  level INT NOT NULL,
  CHECK (one = 1)
) ${table};

INSERT IGNORE INTO feature_level VALUES (1, 1);
