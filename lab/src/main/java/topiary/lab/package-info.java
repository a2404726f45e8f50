/** Placeholder. */
package topiary.lab;
