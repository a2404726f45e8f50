/**
 * What is to happen when servers die, tried on real ones that were started for it: each rehearsal
 * has one fault, a writer with a ledger, and an outcome that is looked at on the servers.
 */
package topiary.app.rehearse;
