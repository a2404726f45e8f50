/** The engine's values as JSON for the outside: names that stay, once given. */
package topiary.app.json;
