/** A node's file, turned into values; every complaint names the key it is about. */
package topiary.app.config;
