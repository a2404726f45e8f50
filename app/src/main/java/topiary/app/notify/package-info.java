/** Tells others of what is found, and of what is over. */
package topiary.app.notify;
