/**
 * Writes on a lab, with a ledger of what was acknowledged, so that after any accident it can be
 * told exactly which promised rows are gone.
 */
package topiary.lab.load;
