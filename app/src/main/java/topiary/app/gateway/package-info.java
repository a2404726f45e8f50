/** What the desktop may ask of a node, and the way over HTTP to ask it. */
package topiary.app.gateway;
