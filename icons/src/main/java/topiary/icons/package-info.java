/** Placeholder. */
package topiary.icons;
