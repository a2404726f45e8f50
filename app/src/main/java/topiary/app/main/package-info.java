/** Placeholder. */
package topiary.app.main;
