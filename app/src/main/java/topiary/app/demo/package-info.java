/** The practice fleet with a node on it, from one command. */
package topiary.app.demo;
