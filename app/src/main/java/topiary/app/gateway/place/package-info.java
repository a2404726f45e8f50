/** Where a node can be, how one is opened, and what is remembered of it. */
package topiary.app.gateway.place;
