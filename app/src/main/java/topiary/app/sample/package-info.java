/** Servers that are not there, by the thousand, for measuring. */
package topiary.app.sample;
