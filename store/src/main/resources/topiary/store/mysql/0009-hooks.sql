-- Hooks that are to be run, and where applications are told to write.

CREATE TABLE IF NOT EXISTS hook_duty (
  of_recovery VARCHAR(64) NOT NULL,
  list INT NOT NULL, -- its place among the lists, from 0; none ever gets another
  facts MEDIUMTEXT NOT NULL, -- names and values, as JSON
  ended INT NOT NULL,
  attempt INT NOT NULL,
  failed INT NOT NULL,
  failure TEXT NOT NULL,
  settled INT NOT NULL,
  PRIMARY KEY (of_recovery, list)
) ${table};

CREATE TABLE IF NOT EXISTS told_primary (
  cluster VARCHAR(64) NOT NULL PRIMARY KEY,
  alias TEXT NOT NULL,
  server TEXT NOT NULL,
  ipv4 VARCHAR(64) NOT NULL,
  ipv6 VARCHAR(64) NOT NULL
) ${table};
