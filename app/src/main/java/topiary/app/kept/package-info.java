/** What answers about many servers are made of, kept as long as it holds. */
package topiary.app.kept;
