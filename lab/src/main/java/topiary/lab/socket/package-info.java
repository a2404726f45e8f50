/** JDBC over the Unix socket of a server, which works from outside of the server's network too. */
package topiary.lab.socket;
