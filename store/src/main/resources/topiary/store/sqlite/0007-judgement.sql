-- Clusters of which nothing is recovered by itself for a time, and by what servers are judged.

CREATE TABLE cluster_freeze (
  cluster TEXT NOT NULL PRIMARY KEY,
  owner TEXT NOT NULL,
  reason TEXT NOT NULL,
  since TEXT NOT NULL,
  ends TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE judgement_rule (
  cluster TEXT NOT NULL, -- empty for all
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (cluster, name)
) STRICT, WITHOUT ROWID;
