-- Clusters of which nothing is recovered by itself for a time, and by what servers are judged.

CREATE TABLE IF NOT EXISTS cluster_freeze (
  cluster VARCHAR(64) NOT NULL PRIMARY KEY,
  owner TEXT NOT NULL,
  reason TEXT NOT NULL,
  since VARCHAR(32) NOT NULL,
  ends VARCHAR(32) NOT NULL
) ${table};

CREATE TABLE IF NOT EXISTS judgement_rule (
  cluster VARCHAR(64) NOT NULL, -- empty for all
  name VARCHAR(64) NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (cluster, name)
) ${table};
