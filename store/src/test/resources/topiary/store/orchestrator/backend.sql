-- The tables of orchestrator 3.2 that are read, as its SQLite file has them, made for tests.

create table database_instance (
  hostname varchar(128) not null default '',
  port int not null default 0,
  last_checked timestamp not null default '',
  last_attempted_check timestamp not null default '',
  last_check_partial_success int not null default 0,
  last_seen timestamp,
  uptime int not null default 0,
  server_id int not null default 0,
  server_uuid varchar(128) not null default '',
  version varchar(128) not null default '',
  binlog_server int not null default 0,
  read_only int not null default 0,
  binlog_format varchar(128) not null default '',
  log_bin int not null default 0,
  log_slave_updates int not null default 0,
  binary_log_file varchar(128) not null default '',
  binary_log_pos int not null default 0,
  master_host varchar(128) not null default '',
  master_port int not null default 0,
  slave_sql_running int not null default 0,
  slave_io_running int not null default 0,
  replication_sql_thread_state int not null default 0,
  replication_io_thread_state int not null default 0,
  has_replication_filters int not null default 0,
  oracle_gtid int not null default 0,
  master_uuid varchar(128) not null default '',
  ancestry_uuid varchar(128) not null default '',
  executed_gtid_set varchar(128) not null default '',
  gtid_purged varchar(128) not null default '',
  gtid_errant varchar(128) not null default '',
  supports_oracle_gtid int not null default 0,
  mariadb_gtid int not null default 0,
  pseudo_gtid int not null default 0,
  master_log_file varchar(128) not null default '',
  read_master_log_pos int not null default 0,
  relay_master_log_file varchar(128) not null default '',
  exec_master_log_pos int not null default 0,
  relay_log_file varchar(128) not null default '',
  relay_log_pos int not null default 0,
  last_sql_error varchar(128) not null default '',
  last_io_error varchar(128) not null default '',
  seconds_behind_master int,
  slave_lag_seconds int,
  sql_delay int not null default 0,
  allow_tls int not null default 0,
  num_slave_hosts int not null default 0,
  slave_hosts varchar(128) not null default '',
  cluster_name varchar(128) not null default '',
  suggested_cluster_alias varchar(128) not null default '',
  data_center varchar(128) not null default '',
  region varchar(128) not null default '',
  physical_environment varchar(128) not null default '',
  instance_alias varchar(128) not null default '',
  semi_sync_enforced int not null default 0,
  semi_sync_available int not null default 0,
  replication_depth int not null default 0,
  is_co_master int not null default 0,
  replication_credentials_available int not null default 0,
  has_replication_credentials int not null default 0,
  version_comment varchar(128) not null default '',
  major_version varchar(128) not null default '',
  binlog_row_image varchar(128) not null default '',
  last_discovery_latency int not null default 0,
  semi_sync_master_enabled int not null default 0,
  semi_sync_master_timeout int not null default 0,
  semi_sync_master_wait_for_slave_count int not null default 0,
  semi_sync_master_status int not null default 0,
  semi_sync_master_clients int not null default 0,
  semi_sync_replica_status int not null default 0,
  semi_sync_replica_enabled int not null default 0,
  gtid_mode varchar(128) not null default '',
  replication_group_name varchar(128) not null default '',
  replication_group_is_single_primary_mode int not null default 0,
  replication_group_member_state varchar(128) not null default '',
  replication_group_member_role varchar(128) not null default '',
  replication_group_members varchar(128) not null default '',
  replication_group_primary_host varchar(128) not null default '',
  replication_group_primary_port int not null default 0,
  primary key (hostname, port)
);

create table hostname_resolve (
  hostname varchar(128) not null default '',
  resolved_hostname varchar(128) not null default '',
  resolved_timestamp timestamp not null default '',
  primary key (hostname)
);

create table cluster_alias (
  cluster_name varchar(128) not null default '',
  alias varchar(128) not null default '',
  last_registered timestamp not null default '',
  primary key (cluster_name)
);

create table cluster_alias_override (
  cluster_name varchar(128) not null default '',
  alias varchar(128) not null default '',
  primary key (cluster_name)
);

create table cluster_domain_name (
  cluster_name varchar(128) not null default '',
  domain_name varchar(128) not null default '',
  last_registered timestamp not null default '',
  primary key (cluster_name)
);

create table database_instance_downtime (
  hostname varchar(128) not null default '',
  port int not null default 0,
  downtime_active int not null default 0,
  begin_timestamp timestamp not null default '',
  end_timestamp timestamp,
  owner varchar(128) not null default '',
  reason varchar(128) not null default '',
  primary key (hostname, port)
);

create table database_instance_maintenance (
  database_instance_maintenance_id integer,
  hostname varchar(128) not null default '',
  port int not null default 0,
  maintenance_active int,
  begin_timestamp timestamp not null default '',
  end_timestamp timestamp,
  owner varchar(128) not null default '',
  reason varchar(128) not null default '',
  processing_node_hostname varchar(128) not null default '',
  processing_node_token varchar(128) not null default '',
  explicitly_bounded int not null default 0,
  primary key (database_instance_maintenance_id)
);

create table candidate_database_instance (
  hostname varchar(128) not null default '',
  port int not null default 0,
  last_suggested timestamp not null default '',
  priority int not null default 0,
  promotion_rule varchar(128) not null default '',
  primary key (hostname, port)
);

create table database_instance_tags (
  hostname varchar(128) not null default '',
  port int not null default 0,
  tag_name varchar(128) not null default '',
  tag_value varchar(128) not null default '',
  last_updated timestamp not null default '',
  primary key (hostname, port, tag_name)
);

create table database_instance_pool (
  hostname varchar(128) not null default '',
  port int not null default 0,
  pool varchar(128) not null default '',
  registered_at timestamp not null default '',
  primary key (hostname, port, pool)
);

create table database_instance_stale_binlog_coordinates (
  hostname varchar(128) not null default '',
  port int not null default 0,
  binary_log_file varchar(128) not null default '',
  binary_log_pos int not null default 0,
  first_seen timestamp not null default '',
  primary key (hostname, port)
);
