/** The engine's values as text for terminals. */
package topiary.app.text;
