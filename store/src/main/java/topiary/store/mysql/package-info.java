/**
 * A node's state in a schema of its own on a MySQL or MariaDB server, which only this node speaks
 * to. One connection writes, and holds a named lock on the server for as long as the node lives; a
 * row that every transaction counts up tells, after a connection was lost during a commit, what
 * became of it.
 */
package topiary.store.mysql;
