/** What orchestrator has kept in its own database, as values of ours. Reads, and never writes. */
package topiary.store.orchestrator;
