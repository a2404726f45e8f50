/** Folds what probes saw into the next topology. Pure, and without judgement. */
package topiary.engine.observe;
