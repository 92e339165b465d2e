/**
 * A statement as a cluster of one shard takes it: tables are replicated, and what makes, changes or drops a table is
 * done on every replica. Other statements stay as they are: rows that one replica takes go to the others by themselves.
 * `cluster` is a name of letters, digits, `_` and `-`.
 */
export function onCluster(sql: string, cluster: string): string {
  return onEveryReplica(replicated(sql), cluster);
}

/**
 * Replaces `MergeTree` and its kind, and their settings. The path and the replica's name are the server's defaults. A
 * month's own tables leave no digest of what was inserted with the keeper: it would outlive the month.
 */
function replicated(sql: string): string {
  return sql
    .replace(
      /(^|\s)(CREATE TABLE IF NOT EXISTS \{table:Identifier\}[^;]*?\bSETTINGS )/,
      '$1$2replicated_deduplication_window = 0, ',
    )
    .replace(/\bENGINE\s*=\s*(\w*MergeTree)\b/g, 'ENGINE = Replicated$1')
    .replace(/\bnon_replicated_deduplication_window\b/g, 'replicated_deduplication_window');
}

/** `CREATE TABLE name`, `ALTER TABLE name`, …: the clause stands behind the name. */
const OF_A_TABLE =
  /^((?:\s|--[^\n]*\n)*(?:CREATE (?:TABLE|DATABASE) IF NOT EXISTS|ALTER TABLE|TRUNCATE TABLE IF EXISTS|DROP TABLE IF EXISTS|OPTIMIZE TABLE)\s+(?:\{\w+:Identifier\}|\w+))/;

/** Tables of the server's own that tell of one replica, where what is left anywhere is asked. */
const OF_ONE_REPLICA = /\b(FROM\s+)system\.(tables|parts|detached_parts|dropped_tables_parts)\b/g;

function onEveryReplica(sql: string, cluster: string): string {
  if (OF_A_TABLE.test(sql)) return sql.replace(OF_A_TABLE, `$1 ON CLUSTER \`${cluster}\``);
  if (!/\bAS left\b/.test(sql)) return sql;
  return sql.replace(OF_ONE_REPLICA, `$1clusterAllReplicas(\`${cluster}\`, system.$2)`);
}

/**
 * What makes replicas behave as one server does: an insert is answered when a majority has it, the next read of any
 * replica finds it, and what is done to a table is done everywhere before it is answered.
 */
export const CLUSTER_SETTINGS = {
  insert_quorum: 'auto',
  insert_quorum_parallel: 0,
  select_sequential_consistency: 1,
  alter_sync: '2',
  mutations_sync: '2',
  distributed_ddl_output_mode: 'throw',
} as const;
