/**
 * The HTTP API of this version: every operation of the catalogue below {@code /api/v1}, as JSON or
 * as text, and the stream of changes.
 */
package topiary.app.v1;
