/** Placeholder. */
package topiary.engine.model;
